# expect: trial/MADE-FULL/safety/hypertension/combination: Give attribution once, the cause to which the events were attributed.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:attribution ?value } WHERE { <safety/hypertension/combination> eqp:attribution ?value }
