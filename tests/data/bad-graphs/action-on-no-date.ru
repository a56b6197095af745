# expect: trial/MADE-FULL/regulatory-action/approval: Give date of the action as one day, month or year.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:actionDate ?value } INSERT { <regulatory-action/approval> eqp:actionDate "last summer" } WHERE { <regulatory-action/approval> eqp:actionDate ?value }
