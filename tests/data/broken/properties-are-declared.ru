# expect: https://w3id.org/equipoise/trial/MADE-FULL/arm/control has https://w3id.org/equipoise/vocab/colour, which is not declared
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <arm/control> eqp:colour "red" } }
