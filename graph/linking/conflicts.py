"""Where links contradict each other: a salt taken for its base, two codes for one thing, a code that was withdrawn.

In: links of any number of mapping sets, our terms, and the status of classes in the ontologies at hand. Out: conflicts,
those that touch our terms first, each with every statement that takes part. Nothing is decided: a curator says who is
right.

An exact match holds in both directions, so what a set says of a class and what we say of it meet at that class.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from equipoise.graph.linking.evidence import EXACT
from equipoise.graph.linking.identity import system_of
from equipoise.graph.linking.lexicon import Status
from equipoise.graph.linking.links import Link
from equipoise.graph.linking.names import Reading, key, readings
from equipoise.graph.linking.subjects import Subject
from equipoise.ontology.iri import BASE, curie

__all__ = ["Conflict", "Contradiction", "find_conflicts"]


class Contradiction(StrEnum):
    """The ways in which links contradict each other."""

    SALT = "salt against base"
    TARGETS = "two targets for one source"
    SOURCES = "one target for two sources"
    CODES = "contradicting codes"
    DENIED = "stated and denied"
    DEPRECATED = "deprecated term"


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be right, what they are about, and why."""

    kind: Contradiction
    about: str
    says: str
    links: tuple[Link, ...]

    @property
    def touches_us(self) -> bool:
        """Whether one of our terms takes part."""
        return any(iri.startswith(BASE) for link in self.links for iri in (link.subject, link.object))

    @property
    def places(self) -> tuple[str, ...]:
        """File and line of each statement."""
        return tuple(dict.fromkeys(link.place for link in self.links))


def find_conflicts(
    links: Sequence[Link], *, terms: Iterable[Subject] = (), ontologies: Iterable[Status] = ()
) -> list[Conflict]:
    """Every conflict within and between the sets that the links are of, ours first, in a fixed order."""
    bases = {term.iri: term.base for term in terms if term.base}
    exact = [link for link in links if link.predicate == EXACT and not link.negated]
    edges = _edges(exact)
    found = [
        *_neighbours_in_one_system(edges, bases),
        *_chained(edges),
        *_one_salt_each(exact),
        *_denied(links),
        *_deprecated(links, ontologies),
    ]
    return sorted(set(found), key=lambda each: (not each.touches_us, each.kind, each.about, each.says, each.places))


Edges = Mapping[str, Mapping[str, Mapping[str, tuple[Link, ...]]]]
"""By term, by system, by the terms of that system that it matches exactly: the statements that say so."""


def _edges(exact: Iterable[Link]) -> Edges:
    edges: dict[str, dict[str, dict[str, tuple[Link, ...]]]] = defaultdict(lambda: defaultdict(dict))
    for link in sorted(exact):
        for here, there in ((link.subject, link.object), (link.object, link.subject)):
            matched = edges[here][system_of(there)]
            matched[there] = (*matched.get(there, ()), link)
    return edges


def _neighbours_in_one_system(edges: Edges, bases: Mapping[str, str]) -> Iterator[Conflict]:
    """Terms that match several of one system exactly: as sources, as targets, or in sets that contradict each other."""
    for term, systems in edges.items():
        for matched in systems.values():
            if len(matched) > 1:
                links = tuple(sorted({link for group in matched.values() for link in group}))
                yield Conflict(_kind(term, matched, bases), _name(term, links), _says(matched), links)


def _kind(term: str, matched: Mapping[str, tuple[Link, ...]], bases: Mapping[str, str]) -> Contradiction:
    names = {iri: _label(iri, group) for iri, group in matched.items()}
    if any(bases.get(one) == other or _is_salt_of(names[one], names[other]) for one in matched for other in matched):
        return Contradiction.SALT
    files = [frozenset(link.file for link in group) for group in matched.values()]
    if not frozenset.intersection(*files):
        return Contradiction.CODES
    if all(link.object == term for group in matched.values() for link in group):
        return Contradiction.SOURCES
    return Contradiction.TARGETS


def _chained(edges: Edges) -> Iterator[Conflict]:
    """Our term has one code in a system, and what it matches elsewhere has another there."""
    for term, systems in edges.items():
        if not term.startswith(BASE):
            continue
        for system, between in ((name, iri) for name, matched in systems.items() for iri in matched):
            for other_system, theirs in edges[between].items():
                ours = systems.get(other_system, {})
                if other_system == system or not ours:
                    continue
                for iri, links in theirs.items():
                    if iri not in ours and iri != term:
                        stated = (
                            *systems[system][between],
                            *links,
                            *(link for group in ours.values() for link in group),
                        )
                        says = f"{_says(ours)} by us, {curie(iri)} through {curie(between)}"
                        yield Conflict(Contradiction.CODES, _name(term, stated), says, tuple(sorted(set(stated))))


def _one_salt_each(exact: Iterable[Link]) -> Iterator[Conflict]:
    """A substance matched exactly to a salt or hydrate of it, as their labels tell."""
    for link in exact:
        one, other = link.subject_label, link.object_label
        if one and other and (_is_salt_of(one, other) or _is_salt_of(other, one)):
            says = f"{one!r} is matched exactly to {other!r}"
            yield Conflict(Contradiction.SALT, _name(link.subject, [link]), says, (link,))


def _denied(links: Iterable[Link]) -> Iterator[Conflict]:
    stated: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in links:
        stated[link.subject, link.predicate, link.object].append(link)
    for (subject, _, target), group in stated.items():
        if len({link.negated for link in group}) > 1:
            says = f"{curie(target)} is stated and denied"
            yield Conflict(Contradiction.DENIED, _name(subject, group), says, tuple(sorted(group)))


def _deprecated(links: Iterable[Link], ontologies: Iterable[Status]) -> Iterator[Conflict]:
    held = list(ontologies)
    for link in links:
        for iri in (link.subject, link.object):
            for ontology in held:
                if iri in ontology.deprecated:
                    then = ontology.successor(iri)
                    instead = f"replaced by {curie(then)}" if then else "without a replacement"
                    says = f"{curie(iri)} is deprecated in {ontology.name}, {instead}"
                    yield Conflict(Contradiction.DEPRECATED, _name(iri, [link]), says, (link,))


def _is_salt_of(one: str, other: str) -> bool:
    """Whether the first name is the second with a salt or hydrate after it."""
    return any(reading is Reading.WITHOUT_SALT and base == key(other) for reading, base in readings(one, chemical=True))


def _says(matched: Mapping[str, Sequence[Link]]) -> str:
    return " and ".join(_name(iri, matched[iri]) for iri in sorted(matched))


def _label(iri: str, links: Iterable[Link]) -> str:
    for link in links:
        if iri == link.subject and link.subject_label:
            return link.subject_label
        if iri == link.object and link.object_label:
            return link.object_label
    return ""


def _name(iri: str, links: Iterable[Link]) -> str:
    label = _label(iri, links)
    return f"{curie(iri)} ({label})" if label else curie(iri)
