# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os sets https://w3id.org/equipoise/trial/MADE-FULL/arm/combination against https://w3id.org/equipoise/trial/MADE-FULL/arm/control
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <../MADE-FULL> eqp:hasArm <arm/control> } }
