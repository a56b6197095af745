"""Candidates by identifier: classes at which an identifier stands that is already linked to one of our terms.

In: our terms, our links to other systems, and a lexicon. Out: evidence for each pair of a term and a class. Systems
that give a number to one structure or substance in one form are trusted to name the same; others to name something
near, because they often have one entry for a substance and its salts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from equipoise.graph.linking.evidence import CLOSE, EXACT, Evidence, Justification
from equipoise.graph.linking.identity import canonical_iri, system_of
from equipoise.graph.linking.lexicon import Lexicon, Reference
from equipoise.graph.linking.links import Link
from equipoise.ontology.iri import curie
from equipoise.ontology.rdf import SKOS

__all__ = ["evidence_by_identifier"]

OF_STRUCTURES = ("inchikey", "cas", "unii", "pubchem.compound")
"""The systems in which one identifier is one substance in one form."""

SAME_STRUCTURE = 0.9
SAME_ENTRY = 0.7
CHAINED = 0.85
REPLACEMENT = 0.8


def evidence_by_identifier(links: Iterable[Link], lexicon: Lexicon) -> dict[tuple[str, str], list[Evidence]]:
    """The evidence that shared identifiers give, by our term and the living class."""
    sure = [link for link in links if link.predicate == EXACT and not link.negated]
    ours: dict[str, list[Link]] = defaultdict(list)
    for link in sure:
        ours[link.object].append(link)
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for reference, iri in _shared(lexicon.references, ours):
        for link in ours[iri]:
            if living := lexicon.successor(reference.iri):
                found[link.subject, living].append(_evidence(link, reference, len(ours[iri])))
    for link in sure:
        if link.object in lexicon.deprecated and (living := lexicon.successor(link.object)):
            found[link.subject, living].append(_replacement(link, lexicon))
    return found


def _shared(references: Iterable[Reference], ours: Mapping[str, list[Link]]) -> Iterable[tuple[Reference, str]]:
    """The references that name what we are linked to. Few texts end as one of our identifiers; only those are read."""
    ends = {_end(iri) for iri in ours}
    for reference in references:
        if _end(reference.text) in ends:
            text = f"{reference.system}:{reference.text}" if reference.system else reference.text
            if (iri := canonical_iri(text)) in ours:
                yield reference, iri


def _end(text: str) -> str:
    """What an identifier ends with, whatever stands before it: `C3099` of `NCI:C3099` and of an IRI."""
    for separator in ("/", "#", ":", "_"):
        text = text.rpartition(separator)[2]
    return text.casefold()


def _evidence(link: Link, reference: Reference, sharing: int) -> Evidence:
    short = curie(link.object)
    system = system_of(link.object)
    says = f"the class has {reference.text!r}, our exact {short}"
    if reference.property == SKOS + "exactMatch" and sharing == 1:
        return Evidence(EXACT, CHAINED, Justification.CHAIN, f"{says}, as its exact match", short)
    if system in OF_STRUCTURES and sharing == 1:
        return Evidence(EXACT, SAME_STRUCTURE, Justification.IDENTIFIER, f"{says}: one structure", short)
    if sharing > 1:
        says += f", which {sharing} of our terms share"
    return Evidence(CLOSE, SAME_ENTRY, Justification.IDENTIFIER, says, short)


def _replacement(link: Link, lexicon: Lexicon) -> Evidence:
    says = f"it replaced {curie(link.object)}, deprecated in {lexicon.version or lexicon.name}, our exact match"
    return Evidence(EXACT, REPLACEMENT, Justification.CHAIN, says, curie(link.object))
