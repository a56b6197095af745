# expect: trial/MADE-FULL/citation/acronym/acronym: Give sha256 of the cited characters as 64 hexadecimal digits.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <citation/acronym/acronym> eqp:spanHash ?value } INSERT { <citation/acronym/acronym> eqp:spanHash "bbbb" } WHERE { <citation/acronym/acronym> eqp:spanHash ?value }
