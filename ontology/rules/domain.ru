# Whatever has a property belongs to the property's domain. (OWL 2 RL, prp-dom)
# Of what is stated, gather.ru has seen to that; here it is done for what was inferred.
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?p rdfs:domain ?class .
  GRAPH graph:inferred { ?x ?p ?y }
  FILTER NOT EXISTS { ?x a ?class }
}
