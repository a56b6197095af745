"""What all clients are made to ask, and what they must find."""

__all__ = ["ASK", "CONSTRUCT", "PREFIXES", "SELECT", "VALUES"]

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
SELECT = PREFIXES + "SELECT ?value ?label { ?c a eqp:Contrast ; eqp:value ?value ; rdfs:label ?label } ORDER BY ?value"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?arm rdfs:label ?label } { ?arm a eqp:Arm ; rdfs:label ?label }"
"""Two triples: the labels of the arms."""
ASK = PREFIXES + "ASK { ?trial a eqp:Trial }"
VALUES = ["0.52", "0.54", "0.56", "0.57", "0.62", "0.64"]
"""The values that SELECT finds, in its order."""
