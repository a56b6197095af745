# expect: trial/MADE-FULL/contrast/final-os: Name under target and reference two different arms.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:referenceArm ?value } INSERT { <contrast/final-os> eqp:referenceArm <arm/combination> } WHERE { <contrast/final-os> eqp:referenceArm ?value }
