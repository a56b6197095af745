# Whatever has a property belongs to the property's domain. (OWL 2 RL, prp-dom)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?p rdfs:domain ?class . ?x ?p ?y .
  FILTER NOT EXISTS { ?x a ?class }
}
