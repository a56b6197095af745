# expect: trial/MADE-FULL/stratification/region: Name one variable by which the randomisation was stratified.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <stratification/region> eqp:variable ?value } WHERE { <stratification/region> eqp:variable ?value }
