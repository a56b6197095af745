# expect: trial/MADE-FULL/safety/hypertension/combination: Give grade_from, the lowest grade counted, not above grade_to.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:gradeFrom ?value } INSERT { <safety/hypertension/combination> eqp:gradeFrom 5 } WHERE { <safety/hypertension/combination> eqp:gradeFrom ?value }
