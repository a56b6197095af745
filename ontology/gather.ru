# Lay out in the default graph what the rules work on, and do what need be done only once.
#
# The rules add what follows to the default graph and, where it is new, to graph:inferred. They need the axioms, the
# types, and the values of the properties that a class or a chain speaks of. The values of all other properties give
# types by domain and range, and nothing that follows can change that: it is done here. (OWL 2 RL, prp-dom, prp-rng)
# Literals are left out because no class is defined by one.
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DROP SILENT GRAPH graph:inferred ;
DROP DEFAULT ;
INSERT { ?s ?p ?o } WHERE {
  VALUES ?p {
    rdf:type rdf:first rdf:rest rdfs:domain rdfs:range rdfs:subClassOf owl:equivalentClass owl:intersectionOf owl:unionOf
    owl:onProperty owl:hasValue owl:someValuesFrom owl:propertyChainAxiom owl:members skos:broader skos:broaderTransitive
  }
  GRAPH ?g { ?s ?p ?o }
  FILTER(!ISLITERAL(?o))
} ;
INSERT { ?s ?p ?o } WHERE {
  { SELECT DISTINCT ?p WHERE {
      { ?restriction owl:onProperty ?p }
      UNION { ?p owl:propertyChainAxiom ?list }
      UNION { ?whole owl:propertyChainAxiom ?list . ?list rdf:rest*/rdf:first ?p }
    } }
  GRAPH ?g { ?s ?p ?o }
  FILTER(!ISLITERAL(?o))
} ;
INSERT { ?x a ?class . GRAPH graph:inferred { ?x a ?class } } WHERE {
  ?p rdfs:domain ?class .
  GRAPH ?g { ?x ?p ?y }
  FILTER(!ISLITERAL(?y))
  FILTER NOT EXISTS { ?x a ?class }
} ;
INSERT { ?y a ?class . GRAPH graph:inferred { ?y a ?class } } WHERE {
  ?p a owl:ObjectProperty ; rdfs:range ?class .
  GRAPH ?g { ?x ?p ?y }
  FILTER NOT EXISTS { ?y a ?class }
}
