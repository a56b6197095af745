# expect: trial/MADE-FULL/treatment-rule/until-progression: State the rule in one statement of your own.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <treatment-rule/until-progression> eqp:statement ?value } WHERE { <treatment-rule/until-progression> eqp:statement ?value }
