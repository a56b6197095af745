# Whatever is the value of an object property belongs to the property's range. (OWL 2 RL, prp-rng)
# Of what is stated, gather.ru has seen to that; here it is done for what was inferred.
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?y a ?class . GRAPH graph:inferred { ?y a ?class } } WHERE {
  ?p a owl:ObjectProperty ; rdfs:range ?class .
  GRAPH graph:inferred { ?x ?p ?y }
  FILTER NOT EXISTS { ?y a ?class }
}
