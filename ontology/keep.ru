# Keep of graph:inferred what a release carries; the closures are added afterwards.
#
# That is, of whatever is stated to be a member of one of our classes or of skos:Concept: the named classes of ours that
# it belongs to, and the values of properties that have a chain.
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE { GRAPH graph:inferred { ?thing ?p ?value } } WHERE {
  GRAPH graph:inferred { ?thing ?p ?value }
  FILTER(
    !ISIRI(?thing) || !ISIRI(?value)
    || (?p = rdf:type && ?value != skos:Concept && !STRSTARTS(STR(?value), STR(eqp:)))
    || (?p != rdf:type && NOT EXISTS { ?p owl:propertyChainAxiom ?chain })
    || NOT EXISTS {
      GRAPH ?stated { ?thing a ?class }
      FILTER(?stated != graph:inferred && (?class = skos:Concept || STRSTARTS(STR(?class), STR(eqp:))))
    }
  )
}
