# A member of a restriction has the value that it asks for. (OWL 2 RL, cls-hv1)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x ?p ?value . GRAPH graph:inferred { ?x ?p ?value } } WHERE {
  ?class owl:onProperty ?p ; owl:hasValue ?value . ?x a ?class .
  FILTER NOT EXISTS { ?x ?p ?value }
}
