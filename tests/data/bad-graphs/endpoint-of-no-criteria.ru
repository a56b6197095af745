# expect: trial/MADE-FULL/endpoint/os: Give criteria of the endpoint at most once, response criteria of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <endpoint/os> eqp:responseCriteria eqp:Median }
