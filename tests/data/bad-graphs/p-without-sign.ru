# expect: trial/MADE-FULL/contrast/final-os: Give p with its sign and its digits as printed.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:pComparator ?value } WHERE { <contrast/final-os> eqp:pComparator ?value }
