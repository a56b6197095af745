"""What another version of an ontology, or none, does to the mappings of a release: which targets it does not have.

In: the releases before and after, and the ontology. Out: an `Effect` for each mapping whose target is deprecated, was
replaced, or is missing. What replaces it is followed to its end and proposed; no mapping is changed. A target whose
number is above all that the version has is newer than the version: it is unknown, which is no fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.external.shelf import Ontology
from equipoise.graph.external.standing import Standing, Version, namespaces_of
from equipoise.graph.release import Release
from equipoise.ontology.rdf import text_of

__all__ = ["Effect", "Standing", "effects_of_removal", "effects_of_version"]


@dataclass(frozen=True)
class Effect:
    """A mapping, how its target stands now and stood before, and what is proposed in its place."""

    term: str
    predicate: str
    target: str
    now: Standing
    before: Standing
    proposed: tuple[str, ...] = ()


def effects_of_version(after: Release, before: Release, ontology: Ontology) -> list[Effect]:
    """The mappings into an ontology whose targets are not current in the version that `after` is served with."""
    now, then = _version(after, ontology), _version(before, ontology)
    spaces = namespaces_of(ontology, now)
    effects = []
    for term, predicate, target in _mappings(after):
        if target.startswith(spaces) or now.has(target) or then.has(target):
            standing, proposed = now.standing(target)
            if standing != "current":
                effects.append(Effect(term, predicate, target, standing, then.standing(target)[0], proposed))
    return effects


def effects_of_removal(before: Release, after: Release, ontology: Ontology) -> list[Effect]:
    """The mappings into an ontology that nothing says anything about any more."""
    then = _version(before, ontology)
    return [
        Effect(term, predicate, target, "not served", then.standing(target)[0])
        for term, predicate, target in _mappings(after)
        if then.has(target)
    ]


def _mappings(release: Release) -> Iterator[tuple[str, str, str]]:
    """The SKOS mappings of a release: term, relation and target."""
    store = ox.Store.read_only(str(release.index))
    rows = store.query((files("equipoise.graph.external") / "mappings.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        yield text_of(row["term"]), text_of(row["predicate"]), text_of(row["target"])


def _version(release: Release, ontology: Ontology) -> Version:
    """The graph of an ontology in the index of a release; empty if the release is served without it."""
    return Version(ox.Store.read_only(str(release.index)), [ontology.iri])
