# expect: trial/MADE-FULL/regulatory-action/approval: Give kind of the action once, a regulatory action kind of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:actionKind ?value } WHERE { <regulatory-action/approval> eqp:actionKind ?value }
