# Lay out what the rules work on: in the default graph, all that the named graphs state, without its literals.
#
# The rules add what follows to the default graph and, where it is new, to graph:inferred. Literals are left out because
# no class is defined by one.
PREFIX graph: <https://w3id.org/equipoise/graph/>
DROP SILENT GRAPH graph:inferred ;
DROP DEFAULT ;
INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(!ISLITERAL(?o)) }
