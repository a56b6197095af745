# expect: trial/MADE-FULL/citation/acronym/acronym: Name under source one of the sources of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <citation/acronym/acronym> eqp:source ?value } WHERE { <citation/acronym/acronym> eqp:source ?value }
