# expect: trial/MADE-FULL/regulatory-action/approval: Name under agency the one regulator.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:agency ?value } WHERE { <regulatory-action/approval> eqp:agency ?value }
