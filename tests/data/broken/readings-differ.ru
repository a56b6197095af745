# expect: https://w3id.org/equipoise/trial/MADE-FULL/conflict/os-12-months-control has the preferred value as the reading https://w3id.org/equipoise/trial/MADE-FULL/conflict/os-12-months-control/reading/46-1
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <conflict/os-12-months-control/reading/46-1> eqp:value "41.6"^^xsd:decimal } }
