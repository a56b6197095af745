# expect: trial/MADE-FULL/citation/acronym/acronym: Give start as a position before end, counted from 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <citation/acronym/acronym> eqp:start ?value } INSERT { <citation/acronym/acronym> eqp:start 9 } WHERE { <citation/acronym/acronym> eqp:start ?value }
