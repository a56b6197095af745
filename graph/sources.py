"""Verify citations against the texts they were read in, and locate new ones.

A record stores no sentences of others, only where they stand: section, character span, and the hash of the span. Where
the text itself is at hand, `verify_sources` checks for every citation of a trial's graph that the span still has its
hash, and that every number and word said to be printed there is printed there.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from equipoise.graph.build import TrialGraph
from equipoise.ontology.errors import Fault, SettingError
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import text_of

__all__ = ["SourceReport", "locate", "read_texts", "verify_sources"]

MAX_TEXT_BYTES = 20_000_000
NUMBER = re.compile(r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!\d)")
P_VALUE = re.compile(r"p\s*([<>]=?|=)\s*(\d*\.\d+)", re.IGNORECASE)

Properties = Mapping[str, list[str]]
"""What a thing says: local names of properties to the text of their values."""


@dataclass(frozen=True)
class SourceReport:
    """The outcome for one record.

    `found` are the sources whose text was at hand, `missing` those whose text was read for the record but is not at
    hand, `without_text` those of which no text was read; then the numbers of citations and of printed numbers and words
    that were looked up in the texts, and what does not stand.
    """

    record: str
    found: tuple[str, ...]
    missing: tuple[str, ...]
    without_text: tuple[str, ...]
    citations: int
    printed: int
    faults: tuple[Fault, ...]


def read_texts(folder: Path) -> dict[str, str]:
    """The texts in a folder by the SHA-256 of their bytes. Raises SettingError if it is not a folder."""
    if not folder.is_dir():
        raise SettingError("sources", found=f"{folder} is not a folder", allowed="must be the folder of source texts")
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_size < MAX_TEXT_BYTES]
    contents = [path.read_bytes() for path in paths]
    return {hashlib.sha256(content).hexdigest(): content.decode("utf-8", "replace") for content in contents}


def verify_sources(trial: TrialGraph, texts: Mapping[str, str]) -> SourceReport:
    """Check every citation of a trial whose source's text is among `texts` (by SHA-256)."""
    things = _things(trial)
    sources = trial.loaded.record.sources
    hashes = {mint("source", key): source.text_sha256 for key, source in sources.items()}
    read = {key: source.text_sha256 for key, source in sources.items()}
    citations = printed = 0
    faults = []
    for iri, citation in sorted(things.items()):
        text = texts.get(hashes.get(citation.get("source", [""])[0]) or "")
        if text is None or "start" not in citation:
            continue
        span = text[int(citation["start"][0]) : int(citation["end"][0])]
        citations += 1
        if hashlib.sha256(span.encode()).hexdigest() != citation["spanHash"][0]:
            where = f"characters {citation['start'][0]} to {citation['end'][0]} have another hash"
            faults.append(Fault(_path(trial, iri), trial.line(iri), where, "must be the span that was read"))
            continue
        for words in sorted(citation.get("printed", [])):
            printed += 1
            if not _stands_in(words, span):
                found = f"{words!r} does not stand there"
                faults.append(Fault(_path(trial, iri), trial.line(iri), found, "must be printed in the cited span"))
    return SourceReport(
        record=trial.loaded.name,
        found=tuple(key for key, digest in read.items() if digest in texts),
        missing=tuple(key for key, digest in read.items() if digest and digest not in texts),
        without_text=tuple(key for key, digest in read.items() if not digest),
        citations=citations,
        printed=printed,
        faults=tuple(faults),
    )


def _things(trial: TrialGraph) -> dict[str, Properties]:
    things: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in trial.quads:
        things[text_of(quad.subject)][quad.predicate.value.removeprefix(EQP)].append(text_of(quad.object))
    return {iri: properties for iri, properties in things.items() if "source" in properties}


def _path(trial: TrialGraph, iri: str) -> str:
    return iri.removeprefix(trial.trial + "/")


def locate(text: str, words: str) -> tuple[int, int, str]:
    """Where words stand in a text: start, end and SHA-256 of the span, as a passage of a record needs them.

    Raises ValueError unless they stand there exactly once.
    """
    count = text.count(words)
    if count != 1:
        raise ValueError(f"the words stand there {count} times; must stand exactly once")
    start = text.index(words)
    return start, start + len(words), hashlib.sha256(words.encode()).hexdigest()


def _stands_in(printed: str, span: str) -> bool:
    """Whether a number stands in a span as a number, a p value as a p value, a bare sign or words as they are."""
    normal = _normal(span)
    wanted = _normal(printed)
    if NUMBER.fullmatch(wanted):
        return wanted in {match[0].replace(",", "") for match in NUMBER.finditer(normal)}
    if wanted[:1] in "<>=" and wanted.strip("<>="):
        sign, number = wanted.rstrip("0123456789."), wanted.lstrip("<>= ")
        return (sign, number) in {(match[1], match[2]) for match in P_VALUE.finditer(normal)}
    return wanted.casefold() in normal.casefold()


def _normal(text: str) -> str:
    """Text with one kind of dash, decimal point and inequality sign."""
    text = unicodedata.normalize("NFKC", text).replace("·", ".")
    return re.sub(r"[‐‑‒–—−]", "-", text).replace("≤", "<=").replace("≥", ">=")
