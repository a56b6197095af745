# expect: https://w3id.org/equipoise/trial/MADE-FULL/analysis/interim supersedes itself through https://w3id.org/equipoise/trial/MADE-FULL/analysis/final
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <analysis/interim> eqp:supersedes <analysis/final> } }
