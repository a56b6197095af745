# expect: trial/MADE-FULL/regulatory-action/approval: Give date of the action, or list date under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:actionDate ?value } WHERE { <regulatory-action/approval> eqp:actionDate ?value }
