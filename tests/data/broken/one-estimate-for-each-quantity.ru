# expect: https://w3id.org/equipoise/trial/MADE-FULL/estimate/final-os/control is of the same quantity as https://w3id.org/equipoise/trial/MADE-FULL/estimate/final-os-12-months/control
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
WITH <https://w3id.org/equipoise/graph/trial/MADE-FULL> DELETE { ?estimate ?property ?value } INSERT { ?estimate ?property ?wanted } WHERE { VALUES ?property { eqp:statistic eqp:timepoint } BIND(<estimate/final-os-12-months/control> AS ?estimate) ?estimate ?property ?value OPTIONAL { <estimate/final-os/control> ?property ?wanted } }
