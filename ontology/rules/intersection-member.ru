# A member of an intersection belongs to every operand. (OWL 2 RL, cls-int2)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
INSERT { ?x a ?operand . GRAPH graph:inferred { ?x a ?operand } } WHERE {
  ?class owl:intersectionOf/rdf:rest*/rdf:first ?operand . ?x a ?class .
  FILTER NOT EXISTS { ?x a ?operand }
}
