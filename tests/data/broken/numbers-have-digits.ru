# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os has 0.7 without its digits
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <contrast/final-os> eqp:valuePrinted "0.70" } }
