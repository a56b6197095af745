# expect: trial/MADE-FULL/claim/developer: Say under about what the claim speaks of: drugs or values of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <claim/developer> eqp:about ?value } WHERE { <claim/developer> eqp:about ?value }
