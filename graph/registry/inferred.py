"""What follows from registry records: the classes of their studies, arms and regimens, and the superclasses of all.

In: a mapped study. Out: triples for the graph of what follows from its record, the same as the rules of the vocabulary
infer from the whole record. Which classes arms, regimens and trials belong to depends on the roles and drugs of the
arms only: the rules run once for each combination of them, over a trial made of nothing else, and IRIs are put in place
of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import pyoxigraph as ox

from equipoise.graph.registry.protocol.arms import GivenArm
from equipoise.graph.registry.study import MappedStudy
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE, RDFS_SUBCLASS, text_of
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import vocabulary

__all__ = ["inferred_triples"]

MOST_COMBINATIONS = 1 << 16
TYPE_PART = f"> {RDF_TYPE} <"

Signature = tuple[str, tuple[str, ...]]
"""The role of an arm, empty where it has none, and its drugs, sorted."""


@dataclass(frozen=True)
class Following:
    """The classes, by IRI, that a combination of arms gives: to the trial, and by signature to arms and regimens."""

    trial: frozenset[str]
    arms: Mapping[Signature, frozenset[str]]
    regimens: Mapping[Signature, frozenset[str]]


def inferred_triples(mapped: MappedStudy) -> list[str]:
    """What follows from a study and is not stated in it, as `RecordLines` has triples, sorted."""
    triples = mapped.lines.triples()
    stated = {(subject, kind) for subject, kind in _types(triples)}
    found = {(subject, above) for subject, kind in stated for above in _superclasses().get(kind, ())}
    signatures = {arm.iri: _signature(arm) for arm in mapped.arms}
    if any(drugs for _, drugs in signatures.values()):
        following = _follow(frozenset(signatures.values()))
        found.update((mapped.lines.trial, kind) for kind in following.trial)
        for iri, signature in signatures.items():
            found.update((iri, kind) for kind in following.arms[signature])
            found.update((f"{iri}/regimen", kind) for kind in following.regimens[signature])
    elif signatures:
        for iri, signature in signatures.items():
            found.update((iri, kind) for kind in _follow(frozenset({signature})).arms[signature])
    return sorted(f"<{thing}> {RDF_TYPE} <{kind}> " for thing, kind in found - stated)


def _signature(arm: GivenArm) -> Signature:
    return arm.role or "", tuple(sorted(arm.drugs))


def _types(triples: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The members of classes of ours among triples as text, with the IRI of the class."""
    marker = TYPE_PART + EQP
    for triple in triples:
        thing, found, kind = triple.partition(marker)
        if found:
            yield thing[1:], EQP + kind[:-2]


@cache
def _superclasses() -> Mapping[str, frozenset[str]]:
    """The named classes of ours above each class, over any number of steps."""
    parents: dict[str, set[str]] = {}
    for triple in vocabulary():
        if triple.predicate == RDFS_SUBCLASS and text_of(triple.object).startswith(EQP):
            parents.setdefault(text_of(triple.subject), set()).add(text_of(triple.object))

    def above(kind: str) -> set[str]:
        return set().union(*({parent} | above(parent) for parent in parents.get(kind, ())))

    return {kind: frozenset(above(kind)) for kind in parents}


@lru_cache(maxsize=MOST_COMBINATIONS)
def _follow(signatures: frozenset[Signature]) -> Following:
    """Run the rules over a trial with one arm of each signature."""
    trial = ox.NamedNode(mint("trial", "skeleton"))
    arms = {signature: f"{trial.value}/arm/{position}" for position, signature in enumerate(sorted(signatures))}
    triples = [_typed(trial.value, "Trial")]
    for (role, drugs), arm in arms.items():
        triples += [_typed(arm, "Arm"), _joined(trial.value, "hasArm", arm)]
        if role:
            triples.append(_joined(arm, "role", EQP + role))
        if drugs:
            triples += [_typed(f"{arm}/regimen", "Regimen"), _joined(arm, "hasRegimen", f"{arm}/regimen")]
        for drug in drugs:
            component = f"{arm}/regimen/{drug}"
            triples += [
                _typed(component, "Component"),
                _joined(f"{arm}/regimen", "hasComponent", component),
                _joined(component, "drug", mint("drug", drug)),
            ]
    kinds: dict[str, set[str]] = {}
    for triple in infer_by_rules([*_background(), *triples]).triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.subject, ox.NamedNode):
            assert isinstance(triple.object, ox.NamedNode)
            kinds.setdefault(triple.subject.value, set()).add(triple.object.value)

    def of(iri: str) -> frozenset[str]:
        return frozenset(kinds.get(iri, ()))

    return Following(
        of(trial.value),
        {signature: of(arm) for signature, arm in arms.items()},
        {signature: of(f"{arm}/regimen") for signature, arm in arms.items()},
    )


@cache
def _background() -> tuple[ox.Triple, ...]:
    """The vocabulary without its texts, from which nothing follows."""
    return tuple(triple for triple in vocabulary() if not isinstance(triple.object, ox.Literal))


def _typed(iri: str, kind: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(iri), RDF_TYPE, ox.NamedNode(EQP + kind))


def _joined(subject: str, name: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(EQP + name), ox.NamedNode(value))
