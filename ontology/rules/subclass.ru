# A member of a class is a member of its superclasses. (OWL 2 RL, cax-sco)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?x a ?other . GRAPH graph:inferred { ?x a ?other } } WHERE {
  ?class rdfs:subClassOf ?other . ?x a ?class .
  FILTER NOT EXISTS { ?x a ?other }
}
