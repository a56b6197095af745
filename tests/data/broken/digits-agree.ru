# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os has 0.54 for the printed 0.45
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
WITH <https://w3id.org/equipoise/graph/trial/MADE-FULL> DELETE { ?contrast eqp:lowerPrinted ?digits } INSERT { ?contrast eqp:lowerPrinted "0.45" } WHERE { BIND(<contrast/final-os> AS ?contrast) ?contrast eqp:lowerPrinted ?digits }
