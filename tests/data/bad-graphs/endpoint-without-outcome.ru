# expect: trial/MADE-FULL/endpoint/os: Give the endpoint one outcome of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <endpoint/os> eqp:outcome ?value } WHERE { <endpoint/os> eqp:outcome ?value }
