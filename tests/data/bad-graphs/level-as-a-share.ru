# expect: trial/MADE-FULL/contrast/final-os: Give level in percent, above 50 and below 100.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <contrast/final-os> eqp:level ?value } INSERT { <contrast/final-os> eqp:level "0.95"^^xsd:decimal } WHERE { <contrast/final-os> eqp:level ?value }
