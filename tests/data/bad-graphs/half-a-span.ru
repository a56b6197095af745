# expect: trial/MADE-FULL/citation/acronym/acronym: Give a passage start, end and sha256, or none of the three.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <citation/acronym/acronym> eqp:end ?value } WHERE { <citation/acronym/acronym> eqp:end ?value }
