# Property chain of two: what ?p1 then ?p2 leads to, ?p leads to. (OWL 2 RL, prp-spo2)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
INSERT { ?x ?p ?z . GRAPH graph:inferred { ?x ?p ?z } } WHERE {
  ?p owl:propertyChainAxiom [ rdf:first ?p1 ; rdf:rest [ rdf:first ?p2 ; rdf:rest rdf:nil ] ] .
  ?x ?p1 ?y . ?y ?p2 ?z .
  FILTER NOT EXISTS { ?x ?p ?z }
}
