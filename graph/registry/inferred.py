"""What follows from registry records: the classes of their studies, arms and regimens, and the superclasses of all.

In: a mapped study. Out: triples for the graph of what follows from its record, the same as the rules of the vocabulary
infer from the whole record. Which classes arms, regimens and trials belong to depends on the roles and drugs of the
arms only: the rules run once for each combination of them, over a trial made of nothing else, and IRIs are put in place
of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from equipoise.graph.registry.protocol.arms import GivenArm
from equipoise.graph.registry.study import MappedStudy
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE, RDFS_SUBCLASS, text_of
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import vocabulary

__all__ = ["inferred_triples", "prepare"]

MOST_COMBINATIONS = 1 << 16
TYPE_PART = f"> {RDF_TYPE} <"

Signature = tuple[str, tuple[str, ...]]
"""The role of an arm, empty where it has none, and its drugs, sorted."""


Combination = frozenset[Signature]
"""The signatures of the arms of a trial."""


@dataclass(frozen=True)
class Following:
    """The classes, by IRI, that a combination of arms gives: to the trial, and by signature to arms and regimens."""

    trial: frozenset[str]
    arms: Mapping[Signature, frozenset[str]]
    regimens: Mapping[Signature, frozenset[str]]


FOLLOWING: dict[Combination, Following] = {}
"""What followed from the combinations that this process met."""


def inferred_triples(mapped: MappedStudy) -> list[str]:
    """What follows from a study and is not stated in it, as `RecordLines` has triples, sorted."""
    triples = mapped.lines.triples()
    stated = {(subject, kind) for subject, kind in _types(triples)}
    found = {(subject, above) for subject, kind in stated for above in _superclasses().get(kind, ())}
    signatures = {arm.iri: _signature(arm) for arm in mapped.arms}
    prepare([mapped])
    for combination in _combinations(mapped):
        following = FOLLOWING[combination]
        found.update((mapped.lines.trial, kind) for kind in following.trial)
        for iri, signature in signatures.items():
            if signature in combination:
                found.update((iri, kind) for kind in following.arms[signature])
                found.update((f"{iri}/regimen", kind) for kind in following.regimens[signature])
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


def prepare(studies: Iterable[MappedStudy]) -> None:
    """Run the rules once over all combinations of arms of some studies that were not met before.

    A run takes a quarter of a second, whatever it is over, so it is worth while to collect them.
    """
    unseen = sorted({one for study in studies for one in _combinations(study)} - FOLLOWING.keys(), key=sorted)
    if unseen:
        if len(FOLLOWING) > MOST_COMBINATIONS:
            FOLLOWING.clear()
        FOLLOWING.update(_follow(unseen))


def _combinations(mapped: MappedStudy) -> list[Combination]:
    """The combinations by which classes follow: all arms together, or each alone where none has a drug of ours."""
    signatures = [_signature(arm) for arm in mapped.arms]
    if any(drugs for _, drugs in signatures):
        return [frozenset(signatures)]
    return [frozenset({signature}) for signature in dict.fromkeys(signatures)]


def _follow(combinations: Sequence[Combination]) -> dict[Combination, Following]:
    """Run the rules over a trial for each combination, with one arm of each signature."""
    trials = [mint("trial", f"skeleton-{number}") for number in range(len(combinations))]
    made = list(zip(trials, combinations, strict=True))
    triples = [triple for trial, combination in made for triple in _skeleton(trial, combination)]
    kinds: dict[str, set[str]] = {}
    for triple in infer_by_rules([*_background(), *triples]).triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.subject, ox.NamedNode):
            kinds.setdefault(triple.subject.value, set()).add(text_of(triple.object))

    def of(iri: str) -> frozenset[str]:
        return frozenset(kinds.get(iri, ()))

    return {
        combination: Following(
            of(trial) if any(drugs for _, drugs in combination) else frozenset(),
            {signature: of(arm) for signature, arm in _arms(trial, combination).items()},
            {signature: of(f"{arm}/regimen") for signature, arm in _arms(trial, combination).items()},
        )
        for trial, combination in made
    }


def _arms(trial: str, combination: Combination) -> dict[Signature, str]:
    return {signature: f"{trial}/arm/{position}" for position, signature in enumerate(sorted(combination))}


def _skeleton(trial: str, combination: Combination) -> Iterator[ox.Triple]:
    """A trial with one arm of each signature."""
    yield _typed(trial, "Trial")
    for (role, drugs), arm in _arms(trial, combination).items():
        yield _typed(arm, "Arm")
        yield _joined(trial, "hasArm", arm)
        if role:
            yield _joined(arm, "role", EQP + role)
        if drugs:
            yield _typed(f"{arm}/regimen", "Regimen")
            yield _joined(arm, "hasRegimen", f"{arm}/regimen")
        for drug in drugs:
            component = f"{arm}/regimen/{drug}"
            yield _typed(component, "Component")
            yield _joined(f"{arm}/regimen", "hasComponent", component)
            yield _joined(component, "drug", mint("drug", drug))


@cache
def _background() -> tuple[ox.Triple, ...]:
    """The vocabulary without its texts, from which nothing follows."""
    return tuple(triple for triple in vocabulary() if not isinstance(triple.object, ox.Literal))


def _typed(iri: str, kind: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(iri), RDF_TYPE, ox.NamedNode(EQP + kind))


def _joined(subject: str, name: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(EQP + name), ox.NamedNode(value))
