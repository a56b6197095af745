# The roles of a target of a mapping: of itself or of a class above it, and each class above such a role.
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { GRAPH graph:linked { ?term eqp:externalRole ?class } } WHERE {
  { SELECT DISTINCT ?term ?role WHERE { GRAPH graph:linked { ?term eqp:externalAncestor ?above } ?above obo:RO_0000087 ?role } }
  ?role rdfs:subClassOf* ?class
}
