# expect: trial/MADE-FULL/estimate/final-os-12-months/control: Give timepoint as one number of months, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <estimate/final-os-12-months/control> eqp:timepoint ?value } INSERT { <estimate/final-os-12-months/control> eqp:timepoint "-12"^^xsd:decimal } WHERE { <estimate/final-os-12-months/control> eqp:timepoint ?value }
