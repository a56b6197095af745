# expect: trial/MADE-FULL: Name the condition that the trial studies.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../MADE-FULL> eqp:condition ?value } WHERE { <../MADE-FULL> eqp:condition ?value }
