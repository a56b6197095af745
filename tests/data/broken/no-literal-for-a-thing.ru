# expect: https://w3id.org/equipoise/trial/MADE-FULL/endpoint/os has the text Primary for https://w3id.org/equipoise/vocab/endpointRole
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <endpoint/os> eqp:endpointRole "Primary" } }
