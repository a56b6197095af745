# expect: trial/MADE-FULL/contrast/final-os: Say under cited where this was read: at least one passage or source.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:citedFrom ?value } WHERE { <contrast/final-os> eqp:citedFrom ?value }
