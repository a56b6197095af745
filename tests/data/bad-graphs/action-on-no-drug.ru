# expect: trial/MADE-FULL/regulatory-action/approval: Name under drugs at least one drug of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <regulatory-action/approval> eqp:drug ?value } WHERE { <regulatory-action/approval> eqp:drug ?value }
