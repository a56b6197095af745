# expect: https://w3id.org/equipoise/mapping/drug-sorafenib/exactMatch/chebi-50924 speaks of a triple that is not stated
DELETE DATA {
  GRAPH <https://w3id.org/equipoise/graph/mappings> {
    <https://w3id.org/equipoise/drug/sorafenib> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://purl.obolibrary.org/obo/CHEBI_50924>
  }
}
