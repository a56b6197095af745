# expect: https://w3id.org/equipoise/trial/MADE-FULL/arm/control has https://w3id.org/equipoise/trial/MADE-FULL/arm/combination for https://w3id.org/equipoise/vocab/size
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <arm/control> eqp:size <arm/combination> } }
