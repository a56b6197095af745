# expect: https://w3id.org/equipoise/trial/MADE-FULL has the registry identifier of https://w3id.org/equipoise/trial/MADE-0001
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <../MADE-FULL> eqp:registryId "MADE-0001" } }
