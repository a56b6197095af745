# Whatever is joined to some member of the filler belongs to the restriction. (OWL 2 RL, cls-svf1)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?class owl:onProperty ?p ; owl:someValuesFrom ?filler . ?y a ?filler . ?x ?p ?y .
  FILTER NOT EXISTS { ?x a ?class }
}
