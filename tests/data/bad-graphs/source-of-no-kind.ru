# expect: source/made-paper: Give kind of the source once, a source kind of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../source/made-paper> eqp:sourceKind ?value } WHERE { <../../source/made-paper> eqp:sourceKind ?value }
