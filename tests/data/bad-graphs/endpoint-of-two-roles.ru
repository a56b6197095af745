# expect: trial/MADE-FULL/endpoint/os: Give role of the endpoint once: Primary, Secondary, Exploratory or RoleNotReported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <endpoint/os> eqp:endpointRole eqp:Secondary }
