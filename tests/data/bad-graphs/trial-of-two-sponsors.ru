# expect: trial/MADE-FULL: Name at most one sponsor.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <../MADE-FULL> eqp:sponsor <../../organization/made-agency> }
