# expect: component/sorafenib-400-mg-po-bid: Give frequency once, a frequency of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <../../component/sorafenib-400-mg-po-bid> eqp:frequency eqp:OnceDaily }
