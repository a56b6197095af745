# expect: trial/MADE-FULL/safety/hypertension/combination: Give grade_from and grade_to together, or neither.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:gradeTo ?value } WHERE { <safety/hypertension/combination> eqp:gradeTo ?value }
