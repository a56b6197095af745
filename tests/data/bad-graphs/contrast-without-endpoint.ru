# expect: trial/MADE-FULL/contrast/final-os: Name under endpoint the one endpoint that the contrast compares.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:endpoint ?value } WHERE { <contrast/final-os> eqp:endpoint ?value }
