# expect: trial/MADE-FULL/contrast/final-os: Give lower of the contrast as one number.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <contrast/final-os> eqp:lower "0.5"^^xsd:decimal }
