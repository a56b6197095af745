# expect: https://w3id.org/equipoise/trial/MADE-FULL/arm/control names https://w3id.org/equipoise/trial/MADE-0009, of which nothing is said
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <arm/control> eqp:trial <../MADE-0009> } }
