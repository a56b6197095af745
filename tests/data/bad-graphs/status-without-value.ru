# expect: trial/MADE-FULL/safety/hypertension/combination: Give value exactly where reporting_status says that there is one, and never 0 for an event that no source counts.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <safety/hypertension/combination> eqp:value ?value } WHERE { <safety/hypertension/combination> eqp:value ?value }
