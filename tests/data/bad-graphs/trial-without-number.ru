# expect: trial/MADE-FULL: Give the trial one registry_id, and cite it.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../MADE-FULL> eqp:registryId ?value } WHERE { <../MADE-FULL> eqp:registryId ?value }
