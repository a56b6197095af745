# expect: trial/MADE-FULL/safety/hypertension/combination: Give events of the estimate as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:events ?value } INSERT { <safety/hypertension/combination> eqp:events -45 } WHERE { <safety/hypertension/combination> eqp:events ?value }
