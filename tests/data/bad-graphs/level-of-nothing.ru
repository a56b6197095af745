# expect: trial/MADE-FULL/stratification/region/asia: Give each of the levels a category, or a relation with its value.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <stratification/region/asia> eqp:category ?value } WHERE { <stratification/region/asia> eqp:category ?value }
