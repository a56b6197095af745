# expect: trial/MADE-FULL/contrast/final-os: Name an endpoint with one outcome.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:outcome ?value } WHERE { <contrast/final-os> eqp:outcome ?value }
