# A member of a class is a member of every equivalent class. (OWL 2 RL, cax-eqc1, cax-eqc2)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
INSERT { ?x a ?other . GRAPH graph:inferred { ?x a ?other } } WHERE {
  ?class owl:equivalentClass|^owl:equivalentClass ?other . ?x a ?class .
  FILTER NOT EXISTS { ?x a ?other }
}
