# The levels above an ATC code stand in the code itself: its first 1, 3, 4, 5 characters. (ATC, structure and principles)
PREFIX atc: <http://purl.bioontology.org/ontology/ATC/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT { ?class rdfs:subClassOf ?above } WHERE {
  { SELECT DISTINCT ?code WHERE {
      ?mapping owl:annotatedTarget ?term
      FILTER(STRSTARTS(STR(?term), STR(atc:)))
      BIND(STRAFTER(STR(?term), STR(atc:)) AS ?code)
    } }
  VALUES (?length ?length_above) { (3 1) (4 3) (5 4) (7 5) }
  FILTER(STRLEN(?code) >= ?length)
  BIND(IRI(CONCAT(STR(atc:), SUBSTR(?code, 1, ?length))) AS ?class)
  BIND(IRI(CONCAT(STR(atc:), SUBSTR(?code, 1, ?length_above))) AS ?above)
}
