# expect: trial/MADE-FULL/contrast/final-os: Give p as one number from 0 to 1.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <contrast/final-os> eqp:pValue ?value } INSERT { <contrast/final-os> eqp:pValue "7.5"^^xsd:decimal } WHERE { <contrast/final-os> eqp:pValue ?value }
