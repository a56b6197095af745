# expect: trial/MADE-FULL/safety/hypertension/combination: Name under event one adverse event of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:event ?value } WHERE { <safety/hypertension/combination> eqp:event ?value }
