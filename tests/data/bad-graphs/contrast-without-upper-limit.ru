# expect: trial/MADE-FULL/contrast/final-os: Give the upper limit of the interval, or list upper under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:upper ?value } WHERE { <contrast/final-os> eqp:upper ?value }
