# What stands above a concept over any number of steps. (SKOS reference, S22 to S24: skos:broaderTransitive)
PREFIX graph: <https://w3id.org/equipoise/graph/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT { GRAPH graph:inferred { ?concept skos:broaderTransitive ?above } } WHERE {
  ?concept skos:broader+ ?above .
  FILTER(ISIRI(?concept) && ISIRI(?above))
  FILTER NOT EXISTS { ?concept skos:broaderTransitive ?above }
}
