# Every target of a mapping, and each class above it over any number of steps.
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { GRAPH graph:linked { ?term eqp:externalAncestor ?class } } WHERE {
  { SELECT DISTINCT ?term WHERE { ?mapping owl:annotatedTarget ?term } }
  ?term rdfs:subClassOf* ?class
}
