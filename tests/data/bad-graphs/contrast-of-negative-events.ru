# expect: trial/MADE-FULL/contrast/final-os: Give events of the contrast as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:events ?value } INSERT { <contrast/final-os> eqp:events -1 } WHERE { <contrast/final-os> eqp:events ?value }
