# expect: https://w3id.org/equipoise/trial/MADE-FULL/estimate/final-os/control has https://w3id.org/equipoise/trial/MADE-0001/arm/sorafenib for https://w3id.org/equipoise/vocab/arm, which is of https://w3id.org/equipoise/trial/MADE-0001
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <estimate/final-os/control> eqp:arm <../MADE-0001/arm/sorafenib> } }
