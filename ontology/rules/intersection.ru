# Whatever belongs to every operand belongs to the intersection. (OWL 2 RL, cls-int1)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?class owl:intersectionOf ?list . ?list rdf:rest* [ rdf:first ?last ; rdf:rest rdf:nil ] .
  ?x a ?last .
  FILTER NOT EXISTS { ?x a ?class }
  FILTER NOT EXISTS { ?list rdf:rest*/rdf:first ?operand . FILTER NOT EXISTS { ?x a ?operand } }
}
