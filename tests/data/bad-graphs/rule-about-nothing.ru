# expect: trial/MADE-FULL/treatment-rule/until-progression: Name under about the events on which the rule turns.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <treatment-rule/until-progression> eqp:about ?value } WHERE { <treatment-rule/until-progression> eqp:about ?value }
