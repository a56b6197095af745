# expect: regimen/sorafenib-400-mg-po-bid: Give regimen at least one drug with its dose.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../regimen/sorafenib-400-mg-po-bid> eqp:hasComponent ?value } WHERE { <../../regimen/sorafenib-400-mg-po-bid> eqp:hasComponent ?value }
