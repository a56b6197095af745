# expect: trial/MADE-FULL/baseline/male/overall: Name one characteristic, a variable of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <baseline/male/overall> eqp:characteristic ?value } WHERE { <baseline/male/overall> eqp:characteristic ?value }
