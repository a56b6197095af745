# expect: trial/MADE-FULL/claim/developer: Give kind of the claim once, a claim kind of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <claim/developer> eqp:claimKind ?value } INSERT { <claim/developer> eqp:claimKind eqp:Approval } WHERE { <claim/developer> eqp:claimKind ?value }
