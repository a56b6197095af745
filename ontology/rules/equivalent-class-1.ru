# A member of a class is a member of the class that it is declared equivalent to. (OWL 2 RL, cax-eqc1)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x a ?other . GRAPH graph:inferred { ?x a ?other } } WHERE {
  ?class owl:equivalentClass ?other . ?x a ?class .
  FILTER NOT EXISTS { ?x a ?other }
}
