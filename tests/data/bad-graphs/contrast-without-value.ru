# expect: trial/MADE-FULL/contrast/final-os: Give value of the contrast as one number.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:value ?value } WHERE { <contrast/final-os> eqp:value ?value }
