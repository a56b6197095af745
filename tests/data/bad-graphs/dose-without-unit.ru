# expect: component/sorafenib-400-mg-po-bid: Give unit of the dose as one UCUM code.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../component/sorafenib-400-mg-po-bid> eqp:doseUnit ?value } WHERE { <../../component/sorafenib-400-mg-po-bid> eqp:doseUnit ?value }
