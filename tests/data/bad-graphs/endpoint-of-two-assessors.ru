# expect: trial/MADE-FULL/endpoint/os: Give at most one assessor, and make two assessments two endpoints.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <endpoint/os> eqp:assessor eqp:BIRC, eqp:Investigator }
