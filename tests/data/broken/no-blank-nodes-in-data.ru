# expect: https://w3id.org/equipoise/trial/MADE-FULL/arm/control joins a blank node by https://w3id.org/equipoise/vocab/hasRegimen
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <arm/control> eqp:hasRegimen [] } }
