# A member of a class is a member of the class that is declared equivalent to it. (OWL 2 RL, cax-eqc2)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?class owl:equivalentClass ?other . ?x a ?other .
  FILTER NOT EXISTS { ?x a ?class }
}
