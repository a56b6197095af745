# expect: https://w3id.org/equipoise/trial/MADE-FULL/arm/control has 2 labels
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <https://w3id.org/equipoise/graph/trial/MADE-FULL> { <arm/control> rdfs:label "Control" } }
