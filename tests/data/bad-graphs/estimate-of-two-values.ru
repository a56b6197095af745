# expect: trial/MADE-FULL/estimate/final-os/control: Give value of the estimate as one number.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <estimate/final-os/control> eqp:value "17.0"^^xsd:decimal }
