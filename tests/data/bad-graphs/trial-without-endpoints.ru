# expect: trial/MADE-FULL: Give at least one of the endpoints.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../MADE-FULL> eqp:hasEndpoint ?value } WHERE { <../MADE-FULL> eqp:hasEndpoint ?value }
