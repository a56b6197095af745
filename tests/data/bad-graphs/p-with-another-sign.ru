# expect: trial/MADE-FULL/contrast/final-os: Give p with one of the signs = < <= > >=.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:pComparator ?value } INSERT { <contrast/final-os> eqp:pComparator "about" } WHERE { <contrast/final-os> eqp:pComparator ?value }
