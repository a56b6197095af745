# expect: trial/MADE-FULL/contrast/final-os: Give measure once, an effect measure of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:effectMeasure ?value } WHERE { <contrast/final-os> eqp:effectMeasure ?value }
