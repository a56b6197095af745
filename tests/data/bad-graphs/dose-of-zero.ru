# expect: component/sorafenib-400-mg-po-bid: Give dose as one number above 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <../../component/sorafenib-400-mg-po-bid> eqp:doseValue ?value } INSERT { <../../component/sorafenib-400-mg-po-bid> eqp:doseValue "0"^^xsd:decimal } WHERE { <../../component/sorafenib-400-mg-po-bid> eqp:doseValue ?value }
