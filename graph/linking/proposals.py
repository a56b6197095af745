"""Candidates as an SSSOM file for a curator: one row each, with score, reason, and empty cells for the decision.

In: candidates, and where they were found. Out: a `Sheet`. The same candidates give the same bytes: no date is written.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml

from equipoise.graph.linking.evidence import Candidate, Evidence, Justification
from equipoise.graph.linking.sheet import Row, Sheet
from equipoise.ontology.iri import curie, mint, prefixes, slug

__all__ = ["COLUMNS", "Batch", "proposals_sheet"]

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "confidence",
    "comment",
    "reviewer_agreement",
    "reviewer_id",
    "reviewer_label",
    "review_date",
    "mapping_justification",
    "author_id",
    "author_label",
    "match_string",
    "subject_match_field",
    "object_match_field",
    "subject_preprocessing",
    "object_preprocessing",
    "similarity_score",
    "similarity_measure",
    "object_source",
    "object_source_version",
    "mapping_tool",
    "mapping_tool_version",
)
"""The slots of a proposal, those that a curator reads and fills first."""

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MEASURE = "semapv:LevenshteinEditDistance"
ALWAYS = ("semapv", "skos")
TOOL = "equipoise link"

AUTHOR = "organization:equipoise"
"""Whose proposals they are; who accepts one is its reviewer."""


@dataclass(frozen=True)
class Batch:
    """Candidates that were found in one place: an ontology in its version, or what others state."""

    candidates: tuple[Candidate, ...]
    source: str = ""
    version: str = ""


def proposals_sheet(path: Path, name: str, batches: Iterable[Batch]) -> Sheet:
    """The sheet of candidates; `name` says what was proposed: `drug-chebi`."""
    found: dict[str, str] = {}
    best: dict[tuple[str, str], dict[str, str]] = {}
    for batch in batches:
        for candidate in batch.candidates:
            cells = _cells(candidate, batch, found)
            other = best.setdefault((cells["subject_id"], cells["object_id"]), cells)
            if cells["confidence"] > other["confidence"]:
                best[cells["subject_id"], cells["object_id"]] = cells
    rows = sorted(best.values(), key=_order)
    used = {prefix for cells in rows for prefix in _prefixes(cells)} | set(ALWAYS)
    known = {**prefixes(), **found}
    metadata = {
        "mapping_set_id": mint("mappings", "proposals", slug(name)),
        "mapping_set_title": f"Proposed links: {name}",
        "license": LICENCE,
        "curie_map": {prefix: known[prefix] for prefix in sorted(used) if prefix in known},
    }
    text = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=1 << 16)
    head = tuple(f"#{line}" for line in text.splitlines())
    first = len(head) + 2
    return Sheet(path, head, metadata, list(COLUMNS), [Row(first + place, cells) for place, cells in enumerate(rows)])


def _order(cells: Mapping[str, str]) -> tuple[str, str, float, str]:
    """By our term, then by ontology, the likeliest first."""
    return cells["subject_id"], cells.get("object_source", ""), -float(cells["confidence"]), cells["object_id"]


def _cells(candidate: Candidate, batch: Batch, found: dict[str, str]) -> dict[str, str]:
    best = _named(candidate)
    steps = "|".join(best.preprocessing)
    near = best.similarity is not None
    cells = {
        "subject_id": _short(candidate.subject.iri, found),
        "subject_label": candidate.subject.label,
        "predicate_id": _short(candidate.predicate, found),
        "object_id": _short(candidate.iri, found),
        "object_label": candidate.label,
        "mapping_justification": candidate.justification.value,
        "author_id": AUTHOR,
        "author_label": "Equipoise",
        "confidence": f"{candidate.confidence:.2f}",
        "match_string": best.match.replace("|", r"\|"),
        "subject_match_field": _short(best.subject_field, found) if best.subject_field else "",
        "object_match_field": _short(best.object_field, found) if best.object_field else "",
        "subject_preprocessing": steps,
        "object_preprocessing": steps,
        "similarity_score": f"{best.similarity}" if near else "",
        "similarity_measure": MEASURE if near else "",
        "object_source": _short(batch.source, found) if batch.source else "",
        "object_source_version": batch.version,
        "mapping_tool": TOOL,
        "mapping_tool_version": version("equipoise"),
        "comment": candidate.reason,
    }
    return {name: " ".join(cell.split()) for name, cell in cells.items() if cell}


def _named(candidate: Candidate) -> Evidence:
    """The evidence whose fields are shown: the strongest by name if there is one."""
    by_name = (piece for piece in candidate.evidence if piece.justification is Justification.NAME)
    return next(by_name, candidate.evidence[0])


def _short(iri: str, found: dict[str, str]) -> str:
    """The CURIE of an IRI; a namespace without a prefix of ours is given one, made of its last word."""
    short = curie(iri)
    if short != iri:
        return short
    end = max(iri.rfind("/"), iri.rfind("#"), iri.rfind("_")) + 1
    namespace, local = iri[:end], iri[end:]
    for prefix, known in found.items():
        if known == namespace:
            return f"{prefix}:{local}"
    stem = re.findall(r"[A-Za-z]\w*", namespace.rstrip("/#_"))[-1].lower()
    prefix, taken = stem, {**prefixes(), **found}
    for number in range(2, len(taken) + 3):
        if prefix not in taken:
            break
        prefix = f"{stem}{number}"
    found[prefix] = namespace
    return f"{prefix}:{local}"


def _prefixes(cells: Mapping[str, str]) -> Iterable[str]:
    for name, cell in cells.items():
        if name.endswith(("_id", "_field", "_preprocessing", "_source", "_justification", "_measure")):
            yield from (part.partition(":")[0] for part in cell.split("|"))
