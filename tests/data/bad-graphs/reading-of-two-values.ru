# expect: trial/MADE-FULL/conflict/os-12-months-control/reading/46-1: Give a number that is read otherwise as one value.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { <conflict/os-12-months-control/reading/46-1> eqp:value "17.0"^^xsd:decimal }
