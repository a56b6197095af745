# What is said of each target, of each class and role above it, and of what replaced it: one label, the classes directly
# above it, whether it is deprecated, the ontologies in hand that speak of it, and its system. English comes before other
# languages.
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX oboInOwl: <http://www.geneontology.org/formats/oboInOwl#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT { GRAPH graph:linked { ?class ?property ?value } } WHERE {
  { SELECT DISTINCT ?class WHERE {
      GRAPH graph:linked { ?term eqp:externalAncestor|eqp:externalRole|obo:IAO_0100001|oboInOwl:consider ?class }
    } }
  VALUES ?property { rdfs:subClassOf rdfs:isDefinedBy owl:deprecated eqp:identifierSystem }
  ?class ?property ?value
  FILTER(?class != ?value)
} ;
INSERT { GRAPH graph:linked { ?class rdfs:label ?label } } WHERE {
  { SELECT ?class (SUBSTR(MIN(?ranked), 2) AS ?label) WHERE {
      { SELECT DISTINCT ?class WHERE {
          GRAPH graph:linked { ?term eqp:externalAncestor|eqp:externalRole|obo:IAO_0100001|oboInOwl:consider ?class }
        } }
      ?class rdfs:label|skos:prefLabel ?name
      BIND(CONCAT(IF(LANG(?name) = "" || LANGMATCHES(LANG(?name), "en"), "0", "1"), STR(?name)) AS ?ranked)
    } GROUP BY ?class }
}
