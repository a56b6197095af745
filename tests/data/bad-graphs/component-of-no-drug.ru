# expect: component/sorafenib-400-mg-po-bid: Name under drug one drug of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../component/sorafenib-400-mg-po-bid> eqp:drug ?value } WHERE { <../../component/sorafenib-400-mg-po-bid> eqp:drug ?value }
