# expect: trial/MADE-FULL/safety/hypertension/combination: Give reporting_status once, which says how the source reports the event.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:reportingStatus ?value } WHERE { <safety/hypertension/combination> eqp:reportingStatus ?value }
