"""What a study wants to measure: its endpoints, each in its role, with wording and time frame as printed.

In: the outcomes module, and the wordings that unmistakably name an outcome of ours. Out: endpoints.
"""

from collections.abc import Mapping

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.names import wording
from equipoise.graph.registry.results.groups import normalised
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, state_texts

__all__ = ["map_outcomes"]

POINTER = "/protocolSection/outcomesModule"
ROLES = {
    "primaryOutcomes": ("primary", "Primary"),
    "secondaryOutcomes": ("secondary", "Secondary"),
    "otherOutcomes": ("other", "OtherPrespecified"),
}
"""The keys of the lists of outcomes: the segment of the endpoints' IRIs, and their role."""
TEXTS = {"timeFrame": "timeFrame", "description": "endpointText"}


def map_outcomes(module: Node, lines: RecordLines, *, outcomes: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """Endpoints, with our outcome only where the whole measure is one of the wordings known.

    Gives the IRI of each by its role (`primary`, `secondary`, `other`) and normalised measure, but of those that share
    both.
    """
    named: dict[tuple[str, str], list[str]] = {}
    for key, (segment, role) in ROLES.items():
        slugs = Slugs()
        for position, outcome in enumerate(module.get(key, ())):
            measure = outcome.pop("measure", "")
            iri = f"{lines.own}/endpoint/{segment}/{slugs.take(measure, position + 1)}"
            lines.thing(iri, "Endpoint", label=measure)
            lines.link(iri, "trial", lines.trial)
            lines.link(lines.trial, "hasEndpoint", iri)
            lines.value(iri, "endpointRole", role)
            state_texts(lines, iri, outcome, TEXTS)
            if concept := outcomes.get(wording(measure)):
                lines.value(iri, "outcome", concept)
            lines.cite(iri, f"{POINTER}/{key}/{position}")
            named.setdefault((segment, normalised(measure)), []).append(iri)
    return {name: iris[0] for name, iris in named.items() if len(iris) == 1}
