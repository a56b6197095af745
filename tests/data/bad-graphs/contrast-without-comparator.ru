# expect: trial/MADE-FULL/contrast/final-os: Name under reference the one comparator arm, the denominator of a ratio.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:referenceArm ?value } WHERE { <contrast/final-os> eqp:referenceArm ?value }
