# expect: trial/MADE-FULL/contrast/final-os: Name under analysis the one analysis in which the contrast was obtained.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:analysis ?value } WHERE { <contrast/final-os> eqp:analysis ?value }
