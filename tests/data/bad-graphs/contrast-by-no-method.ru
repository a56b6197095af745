# expect: trial/MADE-FULL/contrast/final-os: Give method of the contrast at most once, a method of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:method ?value } INSERT { <contrast/final-os> eqp:method eqp:Median } WHERE { <contrast/final-os> eqp:method ?value }
