# expect: trial/MADE-FULL/contrast/final-os: Give the confidence level of the interval, or list level under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:level ?value } WHERE { <contrast/final-os> eqp:level ?value }
