"""Identifiers of other systems: any spelling in, one IRI and one CURIE out.

In: text as people have it, such as a CURIE in any case, an IRI of one of several namespaces, `RXCUI 495881`, or a bare
`DB00398`. Out: an `Identifier`. Which systems there are, systems.ttl says; the spellings are those of the Bioregistry,
as the package ships them; the one IRI of each identifier is under the namespace that prefixes.json gives its system.
Nothing asks the network. The Bioregistry takes a second to load, so it is loaded when the first identifier is read.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.iri import BASE, curie, expand, mint, prefixes
from equipoise.ontology.rdf import SKOS, text_of
from equipoise.ontology.terms import allowed_text, load_terms, vocabulary

if TYPE_CHECKING:
    from bioregistry import Manager, Resource
    from curies import Converter

__all__ = [
    "Identifier",
    "System",
    "possible_identifiers",
    "resolve_identifier",
    "spellings_of",
    "system_of",
    "systems",
    "usual_spelling",
]

SCHEME = "IdentifierSystemScheme"
TRIALS = "clinicaltrials"
"""The system whose identifiers name trials, so that their IRIs here are those of our trials."""

SEPARATORS = (":", " ", "_")
"""What may stand between the name of a system and an identifier, in the order in which it is looked for."""

ANY_WORD = "Equipoise"
"""A pattern that fits this word fits any; then an identifier must be as long as the system's example."""

RESOLVERS = ("identifiers.org/", "bioregistry.io/", "n2t.net/")
"""Where an address is the name of a system, a colon or a slash, and an identifier of it."""

MOST_CHARACTERS = 300
"""How long an identifier may be; the patterns of some systems take ever longer for what they do not fit."""

LOADING = threading.Lock()


@dataclass(frozen=True)
class System:
    """A system of identifiers: its term, its label, the prefix of its CURIEs, and spellings that we add."""

    iri: str
    label: str
    prefix: str
    namespace: str
    spellings: tuple[str, ...]

    @property
    def namespaces(self) -> tuple[str, ...]:
        """How its IRIs begin: as we write them, and in other ways that its ontology is known to have."""
        return (self.namespace, *(spelling for spelling in self.spellings if "://" in spelling))


@dataclass(frozen=True)
class Identifier:
    """One identifier: its IRI, its CURIE, and the prefix of its system; our own things have a prefix of ours."""

    iri: str
    curie: str
    prefix: str


@cache
def systems() -> Mapping[str, System]:
    """The systems by the prefix of their CURIEs, as systems.ttl has them."""
    added: dict[str, list[str]] = {}
    for triple in vocabulary():
        if triple.predicate.value == SKOS + "hiddenLabel":
            added.setdefault(text_of(triple.subject), []).append(text_of(triple.object))
    namespaces = {**prefixes(), TRIALS: mint("trial", "")}
    return {
        prefix: System(term.iri, term.label, prefix, namespaces[prefix], tuple(added.get(term.iri, ())))
        for term in load_terms().schemes[SCHEME].values()
        for prefix in term.synonyms[:1]
    }


def system_of(iri: str) -> System | None:
    """The system that has this IRI for one of its identifiers; None if none here has."""
    fitting = [system for system in systems().values() if iri.startswith(system.namespace)]
    return max(fitting, key=lambda system: len(system.namespace)) if fitting else None


def spellings_of(iri: str) -> tuple[str, ...]:
    """The IRIs that ontologies have for what has this one here, and it first. The Bioregistry is not asked."""
    system = system_of(iri)
    if system is None:
        return (iri,)
    return tuple(namespace + iri.removeprefix(system.namespace) for namespace in system.namespaces)


def usual_spelling(iri: str) -> str:
    """The one IRI that an IRI of an ontology has here. The Bioregistry is not asked."""
    for other, namespace in _other_namespaces().items():
        if iri.startswith(other):
            return namespace + iri.removeprefix(other)
    return iri


@cache
def _other_namespaces() -> Mapping[str, str]:
    return {other: system.namespace for system in systems().values() for other in system.namespaces[1:]}


def resolve_identifier(text: str) -> Identifier:
    """The one identifier that a text means.

    Raises ParameterError if it may be of several systems or is malformed, UnknownNameError if it is of none.
    """
    found = possible_identifiers(text)
    if len(found) > 1:
        raise ParameterError(
            "identifier",
            found=f"{text.strip()!r} may be of several systems",
            allowed=f"must be one of {', '.join(identifier.curie for identifier in found)}",
        )
    return found[0]


def possible_identifiers(text: str) -> tuple[Identifier, ...]:
    """The identifiers that a text may mean: several only for one that does not name its system. Never none.

    Raises ParameterError for a bare number and for an identifier that its system cannot have, UnknownNameError for a
    text that is of no system here.
    """
    asked = text.strip().removeprefix("<").removesuffix(">").strip()
    if len(asked) > MOST_CHARACTERS:
        found, allowed = f"has {len(asked)} characters", f"must have {MOST_CHARACTERS} at most"
        raise ParameterError("identifier", found=found, allowed=allowed)
    iri = expand(asked) or asked
    if iri.startswith(BASE):
        return (Identifier(iri, curie(iri), curie(iri).partition(":")[0]),)
    registry = _registry()
    if iri.startswith(("http://", "https://", *RESOLVERS)):
        return (registry.of_iri(iri),)
    named = registry.of_named_system(asked)
    return (named,) if named else registry.of_bare(asked)


class _Registry:
    """The part of the Bioregistry that is about our systems."""

    def __init__(self, manager: "Manager", converter: "Converter") -> None:
        self._manager = manager
        self._converter = converter
        self._resources = {prefix: _resource(manager, prefix) for prefix in systems()}
        self._spelled = {
            spelling.casefold(): system.prefix
            for system in systems().values()
            for spelling in (system.prefix, system.label, *system.spellings)
        }
        self._canonical = {resource.prefix: prefix for prefix, resource in self._resources.items()}

    def of_iri(self, iri: str) -> Identifier:
        """The identifier that an IRI of any namespace of its system means."""
        if parsed := self._converter.parse_uri(iri.rstrip("/"), strict=False):
            return self._identifier(parsed.prefix, parsed.identifier)
        address = iri.removeprefix("http://").removeprefix("https://")
        for resolver in RESOLVERS:
            if address.startswith(resolver):
                name, _, local = address.removeprefix(resolver).replace("/", ":", 1).partition(":")
                if prefix := self._prefix(name):
                    return self._identifier(prefix, local)
        raise _unknown(iri)

    def of_named_system(self, text: str) -> Identifier | None:
        """The identifier of a text that begins with the name of its system, or None if it does not."""
        for separator in SEPARATORS:
            name, found, local = text.rpartition(separator) if separator == " " else text.partition(separator)
            prefix = self._prefix(name.strip()) if found else None
            if prefix:
                return self._identifier(prefix, local.strip())
        if text.count(":") == 1 and not text.endswith(":"):
            raise _unknown(text)
        return None

    def of_bare(self, text: str) -> tuple[Identifier, ...]:
        """What a text without the name of a system may be, by the patterns of the systems."""
        found = {prefix: local for prefix in self._resources if (local := self._fitting(prefix, text))}
        if not found:
            raise _unknown(text)
        if text.isdigit():
            names = ", ".join(systems()[prefix].label for prefix in found)
            example = f"{next(iter(found))}:{text}"
            raise ParameterError(
                "identifier",
                found=f"{text!r} is a bare number, as {names} have",
                allowed=f"must name its system, such as {example}",
            )
        told = {prefix: local for prefix, local in found.items() if not self._fits_any(prefix)}
        return tuple(self._identifier(prefix, local) for prefix, local in (told or found).items())

    def _prefix(self, name: str) -> str | None:
        """The prefix of the system of that name, in any spelling."""
        if known := self._spelled.get(name.casefold()):
            return known
        normal = self._manager.normalize_prefix(name) if name else None
        return self._canonical.get(normal) if normal else None

    def _identifier(self, prefix: str, local: str) -> Identifier:
        resource, system = self._resources[prefix], systems()[prefix]
        spelled = next((one for one in _cases(resource, local) if resource.is_valid_identifier(one)), None)
        if spelled is None:
            example = resource.get_example()
            allowed = f"must be as in {prefix}:{example}" if example else "must be one of its identifiers"
            raise ParameterError("identifier", found=f"{local!r} is none that {system.label} can have", allowed=allowed)
        short = f"trial:{spelled}" if prefix == TRIALS else f"{prefix}:{spelled}"
        return Identifier(system.namespace + spelled, short, prefix)

    def _fitting(self, prefix: str, text: str) -> str | None:
        """The identifier of a system that a bare text may be."""
        resource = self._resources[prefix]
        example = resource.get_example() or ""
        for spelled in (text.upper(), text):
            if resource.is_valid_identifier(spelled) and (not self._fits_any(prefix) or len(spelled) == len(example)):
                return spelled
        return None

    def _fits_any(self, prefix: str) -> bool:
        resource = self._resources[prefix]
        return any(resource.is_valid_identifier(word) for word in (ANY_WORD, ANY_WORD.upper()))


def _cases(resource: "Resource", local: str) -> Iterable[str]:
    """An identifier in capitals, which all systems here have, without a repeated prefix, and the same as it stands."""
    for spelled in (local.upper(), local):
        yield spelled
        yield resource.standardize_identifier(spelled)


def _resource(manager: "Manager", prefix: str) -> "Resource":
    name = manager.normalize_prefix(prefix)
    resource = manager.get_resource(name) if name else None
    if resource is None:
        raise ValueError(f"systems.ttl: the Bioregistry knows no prefix {prefix!r}")
    return resource


def _registry() -> _Registry:
    """The registry, loaded once, whichever thread asks first."""
    with LOADING:
        return _loaded()


@cache
def _loaded() -> _Registry:
    import bioregistry  # a second: not for those who need no identifier

    chosen = {
        resource.prefix: resource for prefix in systems() for resource in [_resource(bioregistry.manager, prefix)]
    }
    manager = bioregistry.Manager(chosen, metaregistry={}, collections={}, contexts={})
    namespaces = {prefix: system.namespace for prefix, system in systems().items()}
    converter = manager.get_converter(prefix_priority=["preferred", "default"], rewiring=namespaces)
    for system in systems().values():
        for namespace in system.namespaces[1:]:
            converter.add_uri_prefix_synonym(system.prefix, namespace)
    return _Registry(manager, converter)


def _unknown(text: str) -> UnknownNameError:
    names = {system.label.casefold(): system.label for system in systems().values()}
    near = get_close_matches(text.partition(":")[0].casefold(), names, n=1)
    allowed = allowed_text(sorted(names.values()), names[near[0]] if near else text)
    return UnknownNameError("identifier", found=f"{text!r} is of no system known here", allowed=allowed)
