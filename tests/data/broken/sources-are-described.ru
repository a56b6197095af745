# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os/citation/made-paper is from https://w3id.org/equipoise/source/made-paper, for nothing
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <contrast/final-os> eqp:citedFrom <contrast/final-os/citation/made-paper> } }
