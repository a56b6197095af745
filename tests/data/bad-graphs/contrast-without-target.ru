# expect: trial/MADE-FULL/contrast/final-os: Name under target the one arm that the contrast evaluates, the numerator of a ratio.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:targetArm ?value } WHERE { <contrast/final-os> eqp:targetArm ?value }
