# expect: trial/MADE-FULL/treatment-rule/until-progression: Give kind of the rule once: TreatUntil or TreatBeyondProgression.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <treatment-rule/until-progression> eqp:ruleKind ?value } WHERE { <treatment-rule/until-progression> eqp:ruleKind ?value }
