# A member of an operand belongs to the union. (OWL 2 RL, cls-uni)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?class owl:unionOf/rdf:rest*/rdf:first ?operand . ?x a ?operand .
  FILTER NOT EXISTS { ?x a ?class }
}
