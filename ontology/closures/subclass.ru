# What stands above a class over any number of steps, stated or by definition. (OWL 2 RL, scm-sco, scm-eqc1, scm-int)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { GRAPH graph:inferred { ?class rdfs:subClassOf ?above } } WHERE {
  ?class (rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass|owl:intersectionOf/rdf:rest*/rdf:first)+ ?above .
  FILTER(ISIRI(?class) && ISIRI(?above) && ?class != ?above)
  FILTER NOT EXISTS { ?class rdfs:subClassOf ?above }
}
