# expect: trial/MADE-FULL/claim/developer: Restate the claim in one statement of your own.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <claim/developer> eqp:statement ?value } WHERE { <claim/developer> eqp:statement ?value }
