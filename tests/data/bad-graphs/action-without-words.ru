# expect: trial/MADE-FULL/regulatory-action/approval: State the action in one statement of your own.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:statement ?value } WHERE { <regulatory-action/approval> eqp:statement ?value }
