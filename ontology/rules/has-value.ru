# Whatever has the value that a restriction asks for belongs to the restriction. (OWL 2 RL, cls-hv2)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?class owl:onProperty ?p ; owl:hasValue ?value . ?x ?p ?value .
  FILTER NOT EXISTS { ?x a ?class }
}
