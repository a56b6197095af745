# expect: trial/MADE-FULL/estimate/final-os/control: Give level of the estimate in percent, above 50 and below 100.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <estimate/final-os/control> eqp:level ?value } INSERT { <estimate/final-os/control> eqp:level "0.95"^^xsd:decimal } WHERE { <estimate/final-os/control> eqp:level ?value }
