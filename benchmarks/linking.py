"""Precision and recall of proposed links, against identifiers that were read in the systems themselves.

In: a folder of facts (drug-identifiers.tsv and term-identifiers.tsv: term, system, id, label, confidence) and a folder
of ontologies. Out: tables on standard output. Our own links to the system that is measured are taken away before.

    python benchmarks/linking.py FACTS ONTOLOGIES

Recall is given twice: of what the file has at all, living, and of what can be found in it by a name, that is where a
label or synonym in the file is one of our names but for case, blanks and punctuation. The second table asks the same of
mapping sets that others curated, thousands of pairs of labels: names of the one side are looked for in the other.
"""

import csv
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pyoxigraph as ox

from equipoise.graph.external.reading import read_ontology
from equipoise.graph.external.shelf import read_triples
from equipoise.graph.linking.evidence import EXACT, Candidate
from equipoise.graph.linking.identity import canonical_iri, system_of
from equipoise.graph.linking.incoming import read_incoming
from equipoise.graph.linking.lexicon import Lexicon, Scope, lexicon
from equipoise.graph.linking.links import Link
from equipoise.graph.linking.propose import propose
from equipoise.graph.linking.subjects import Kind, Subject, all_subjects
from equipoise.graph.linking.tables import our_links
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import SKOS, in_graph
from equipoise.ontology.terms import vocabulary

MOST_BYTES = 1 << 32

TRUSTED = ("seen", "lexical")
"""The facts that count as true: read in the system, or predicted there from the same label."""


@dataclass(frozen=True)
class Case:
    """An ontology file, the system whose identifiers it has, and which of our terms it is about."""

    title: str
    pattern: str
    system: str
    kinds: tuple[Kind, ...]


CASES = (
    Case("ChEBI, whole", "chebi-*-labels-isa.nt.gz", "ChEBI", (Kind.DRUG,)),
    Case("ChEBI, slice", "chebi-hcc-drugs-slice.ttl", "ChEBI", (Kind.DRUG,)),
    Case("DrOn", "dron-edit.ofn", "DrOn", (Kind.DRUG,)),
    Case("MONDO", "mondo-*-labels-isa.nt.gz", "MONDO", (Kind.CONDITION, Kind.EVENT)),
    Case("DOID", "doid-ncit-crosswalk.obo", "DOID", (Kind.CONDITION, Kind.EVENT)),
    Case("DO cancer slim", "DO_cancer_slim.owl", "DOID", (Kind.CONDITION, Kind.EVENT)),
)


@dataclass(frozen=True)
class Score:
    """How proposals agree with the truth. All counts are of pairs of a term and a class."""

    true: int
    in_file: int
    by_name: int
    proposed: int
    right: int
    right_by_name: int
    other: int

    @property
    def precision(self) -> float | None:
        """The share of exact proposals that are right."""
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """The share of what the file has that was proposed as exact."""
        return self.right / self.in_file if self.in_file else None

    @property
    def recall_by_name(self) -> float | None:
        """The share of what can be found by a name in the file that was proposed as exact."""
        return self.right_by_name / self.by_name if self.by_name else None


def main(facts: Path, ontologies: Path) -> None:
    """Measure, and print a row for each file and group of terms."""
    terms = our_terms()
    truth = true_pairs(facts, terms)
    print("| ontology | terms | true | in the file | by name | exact proposed | right | other proposals ", end="")
    print("| precision | recall of the file | recall by name | seconds |")
    print("| --- " * 12 + "|")
    for case in CASES:
        for path in sorted(ontologies.glob(case.pattern)):
            names = read_lexicon(path)
            links = [link for link in our_links(None) if system_of(link.object) not in _systems(truth[case.system])]
            start = perf_counter()
            candidates = propose([term for term in terms if term.kind in case.kinds], names, links=links, terms=terms)
            seconds = perf_counter() - start
            for group, members in groups(terms, case.kinds).items():
                score = measure(candidates, names, truth[case.system], terms=terms, members=members)
                print(f"| {case.title} | {group} {_cells(score)} | {seconds:.1f} |", flush=True)
    print()
    print("| set | looked for in | true | by name | exact proposed | right | precision | recall ", end="")
    print("| recall by name | seconds |")
    print("| --- " * 10 + "|")
    _measure_set(ontologies, "mondo_exactmatch_ncit.sssom.tsv", "mondo-*-labels-isa.nt.gz", "mondo", Kind.CONDITION)
    _measure_set(ontologies, "biomappings-positive.sssom.tsv", "mondo-*-labels-isa.nt.gz", "mondo", Kind.CONDITION)
    _measure_set(ontologies, "biomappings-positive.sssom.tsv", "chebi-*-labels-isa.nt.gz", "chebi", Kind.DRUG)


def our_terms() -> list[Subject]:
    """Our terms, of the vocabulary that comes with Equipoise."""
    with tempfile.TemporaryDirectory() as folder:
        return all_subjects(_stored(folder, in_graph(vocabulary(), None)))


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of an ontology file."""
    graph = mint("graph", "ontology", "measured")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "triples")
        place.mkdir()
        read_ontology(path, into=place, base=graph, most_bytes=MOST_BYTES)
        return lexicon(_stored(f"{folder}/store", in_graph(read_triples(place), graph)), graph)


def true_pairs(folder: Path, terms: Iterable[Subject]) -> Mapping[str, set[tuple[str, str]]]:
    """The pairs of our term and class that the facts state, by the name that the facts give the system."""
    named = {text.casefold(): term.iri for term in terms for _, text in term.names}
    pairs: dict[str, set[tuple[str, str]]] = {}
    for name in ("drug-identifiers.tsv", "term-identifiers.tsv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t"):
                term, system, identifier, _, confidence = row[:5]
                found = pairs.setdefault(system, set())
                if confidence in TRUSTED and (iri := named.get(term.casefold())):
                    found.add((iri, canonical_iri(identifier)))
    return pairs


def groups(terms: Iterable[Subject], kinds: Sequence[Kind]) -> Mapping[str, set[str]]:
    """Our terms of these kinds in groups: bases apart from salts and hydrates, conditions apart from events."""
    found: dict[str, set[str]] = {}
    for term in terms:
        if term.kind in kinds:
            group = f"{term.kind}s" if term.kind is not Kind.DRUG else "salts and hydrates" if term.base else "bases"
            found.setdefault(group, set()).add(term.iri)
    return dict(sorted(found.items()))


def measure(
    candidates: Iterable[Candidate],
    names: Lexicon,
    truth: set[tuple[str, str]],
    *,
    terms: Sequence[Subject],
    members: set[str],
) -> Score:
    """The score of the proposals for some of our terms; a term about which there are no facts is not judged."""
    true = {pair for pair in truth if pair[0] in members}
    judged = {subject for subject, _ in true}
    own = [candidate for candidate in candidates if candidate.subject.iri in judged]
    in_file = {pair for pair in true if names.has_living(pair[1])}
    return score_of(own, true, by_name=_by_name(in_file, terms, names), in_file=in_file)


def score_of(
    candidates: Iterable[Candidate],
    true: set[tuple[str, str]],
    *,
    by_name: set[tuple[str, str]],
    in_file: set[tuple[str, str]],
) -> Score:
    """The score of candidates, of which only exact ones are judged."""
    proposed = list(candidates)
    exact = {(each.subject.iri, each.iri) for each in proposed if each.predicate == EXACT}
    return Score(
        true=len(true),
        in_file=len(in_file),
        by_name=len(by_name),
        proposed=len(exact),
        right=len(exact & true),
        right_by_name=len(exact & by_name),
        other=len(proposed) - len(exact),
    )


def _by_name(pairs: Iterable[tuple[str, str]], terms: Iterable[Subject], names: Lexicon) -> set[tuple[str, str]]:
    """The pairs whose sides have a name in common, but for case, blanks and punctuation."""
    ours = {term.iri: {_bare(text) for _, text in term.names} for term in terms}
    theirs: dict[str, set[str]] = {}
    for name in names.names:
        if name.scope in (Scope.LABEL, Scope.EXACT):
            theirs.setdefault(name.iri, set()).add(_bare(name.text))
    return {(subject, target) for subject, target in pairs if ours[subject] & theirs.get(target, set())}


def _measure_set(folder: Path, name: str, pattern: str, prefix: str, kind: Kind) -> None:
    """Look for the labels of one side of a curated set among the names of the ontology of the other side."""
    for path in sorted(folder.glob(pattern)):
        names = read_lexicon(path)
        truth, subjects = _as_subjects(read_incoming(folder / name).links, prefix, names, kind)
        start = perf_counter()
        found = propose(subjects, names)
        seconds = perf_counter() - start
        score = score_of(found, truth, by_name=_by_name(truth, subjects, names), in_file=truth)
        counts = (score.true, score.by_name, score.proposed, score.right)
        shares = _shares(score.precision, score.recall, score.recall_by_name)
        print(f"| {name} | {path.name} {_counts(counts)} {shares} | {seconds:.0f} |", flush=True)


def _as_subjects(
    links: Iterable[Link], prefix: str, names: Lexicon, kind: Kind
) -> tuple[set[tuple[str, str]], list[Subject]]:
    """The pairs of a set of which one side is in the ontology; the other side is its label, as if a term of ours."""
    truth: set[tuple[str, str]] = set()
    for link in links:
        for iri, label, other in (
            (link.subject, link.subject_label, link.object),
            (link.object, link.object_label, link.subject),
        ):
            inside = system_of(other) == prefix and names.has_living(other)
            if link.predicate == EXACT and label and inside and system_of(iri) != prefix:
                truth.add((label.casefold(), other))
    return truth, [
        Subject(label, kind, ((SKOS + "prefLabel", label),)) for label in sorted({label for label, _ in truth})
    ]


def _stored(folder: str, quads: Iterable[ox.Quad]) -> EmbeddedStore:
    store = ox.Store(folder)
    store.bulk_extend(quads)
    store.flush()
    del store
    return EmbeddedStore(Path(folder), "")


def _systems(pairs: Iterable[tuple[str, str]]) -> set[str]:
    return {system_of(iri) for _, iri in pairs}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _cells(score: Score) -> str:
    counts = (score.true, score.in_file, score.by_name, score.proposed, score.right, score.other)
    return f"{_counts(counts)} {_shares(score.precision, score.recall, score.recall_by_name)}"


def _counts(counts: Iterable[int]) -> str:
    return " ".join(f"| {count}" for count in counts)


def _shares(*shares: float | None) -> str:
    return " ".join("| none" if share is None else f"| {share:.3f}" for share in shares)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
