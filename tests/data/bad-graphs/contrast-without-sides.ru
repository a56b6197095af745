# expect: trial/MADE-FULL/contrast/final-os: Say whether p is one-sided or two-sided, or list p_sides under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:pSides ?value } WHERE { <contrast/final-os> eqp:pSides ?value }
