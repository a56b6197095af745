# expect: trial/MADE-FULL/contrast/final-os: Give p_sides as 1 or 2.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:pSides ?value } INSERT { <contrast/final-os> eqp:pSides 3 } WHERE { <contrast/final-os> eqp:pSides ?value }
