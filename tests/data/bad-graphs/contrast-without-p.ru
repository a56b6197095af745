# expect: trial/MADE-FULL/contrast/final-os: Give the p value, or list p under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:pValue ?value } WHERE { <contrast/final-os> eqp:pValue ?value }
