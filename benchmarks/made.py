"""Made trials in any number: the shipped trial's graph under other names, in other sizes, with other drugs and numbers.

In: how many trials. Out: named graphs as sorted N-Triples, N-Quads for other engines (`write_quads`), and a release
folder that `equipoise serve` serves (`write_made_release`). The same number always gives the same bytes.

    python benchmarks/made.py 8000 FOLDER        1.6 million triples: FOLDER/data.nq, and a release in FOLDER

There are 96 patterns, each a part of the shipped trial: some of its contrasts and estimates with all that they rest on,
without citations, and with other drugs, dose for dose. What follows from a pattern is inferred once, by the rules, and
is copied with it: nothing that follows about a trial depends on another trial. A trial is a pattern with its own
registry identifier, enrolment and figures. The trials are thin, about 200 triples, so that a hundred thousand of them
(20 million triples) can be made; whole ones have 3,800. Their conditions stand in a made tree of six levels, 1,093
concepts, as a disease ontology would give. No more than one trial is held at a time, and what is inferred about all.
"""

import gzip
import hashlib
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.build import trial_graph
from equipoise.graph.described import release_quads
from equipoise.graph.evidence import RELEASE_GRAPH, VOCABULARY_GRAPH
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.graph.release import GraphEntry, Manifest, Release, release_id, write_release
from equipoise.ontology.iri import BASE, EQP, mint
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, RDFS_LABEL, SKOS, in_graph, text_of
from equipoise.ontology.reasoner import INFERRED_GRAPH, labels, materialise
from equipoise.ontology.terms import load_terms, vocabulary

__all__ = ["MadeTrials", "trial_name", "write_made_release", "write_quads"]

SEED = 310
PATTERNS = 96
LEVELS, CHILDREN = 6, 3
SHIPPED = "NCT03764293"
CONDITIONS_GRAPH = mint("graph", "made", "conditions")
DRUGS = ("camrelizumab", "rivoceranib", "sorafenib")
"""The drugs of the shipped trial, for which others stand in."""
VARIED = re.compile(
    rf'^<(?P<subject>[^>]*)> <{EQP}(?P<name>value|lower|upper)(?P<printed>Printed)?> "(?P<text>-?[0-9.]+)"'
)
TRIAL = mint("trial", SHIPPED)
GROWN_FROM = {"contrast": 2, "estimate": 2, "safety": 1}
"""The things that a pattern is grown from, at most so many of each, by what they point at."""
LEFT_OUT = {EQP + name for name in ("citedFrom", "note", "primaryFor", "reportedIn", "supersedes")} | {
    DCTERMS + "title"
}
"""What a made trial has none of: nobody read its figures anywhere."""

NamedGraph = tuple[str, list[str]]
"""The IRI of a named graph, and its triples as N-Triples without the dot, sorted."""


def trial_name(number: int) -> str:
    """The registry identifier of a made trial."""
    return f"MADE-{number:06d}"


@dataclass(frozen=True)
class Pattern:
    """The triples of a trial and what follows about it, with places for its name, enrolment, condition and figures."""

    stated: str
    inferred: str
    figures: tuple[tuple[float, int], ...]

    def trial(self, name: str, chance: random.Random) -> tuple[list[str], list[str]]:
        """The stated and the inferred triples of one trial."""
        places: dict[str, str] = {"trial": name, "size": str(chance.randrange(40, 1200))}
        places["condition"] = f"{BASE}made/condition/{chance.randrange(len(tree()))}"
        factor = chance.uniform(0.6, 1.4)
        for number, (value, decimals) in enumerate(self.figures):
            printed = f"{value * factor:.{decimals}f}"
            places[f"p{number}"] = printed
            places[f"v{number}"] = printed.rstrip("0").rstrip(".") if "." in printed else printed
        return (self.stated % places).splitlines(), (self.inferred % places).splitlines()


class MadeTrials:
    """So many made trials, and what they rest on."""

    def __init__(self, trials: int) -> None:
        self.trials = trials
        terms = load_terms()
        self._shipped = trial_graph(load_record(shipped_records()[0], terms), terms).quads
        drugs = sorted(name for name in terms.drugs if "-" not in name and name != "placebo")
        chance = random.Random(SEED)
        self._drafts = [draft(self._shipped, drugs, chance) for _ in range(PATTERNS)]
        self._shared, about = inferences(self._drafts)
        self._patterns = [pattern(text, inferred) for text, inferred in zip(self._drafts, about, strict=True)]

    def graphs(self) -> Iterator[NamedGraph]:
        """Every named graph, each sorted; the inferred one last."""
        yield VOCABULARY_GRAPH, sorted(map(str, vocabulary()))
        yield CONDITIONS_GRAPH, sorted(map(str, conditions()))
        chance = random.Random(SEED)
        inferred = list(self._shared)
        for number in range(self.trials):
            stated, follows = self._patterns[number % PATTERNS].trial(trial_name(number), chance)
            inferred += follows
            yield mint("graph", "trial", trial_name(number)), sorted(stated)
        yield INFERRED_GRAPH, sorted(inferred)


@cache
def tree() -> list[int]:
    """The parent of each made condition by its number; the first is its own."""
    size = (CHILDREN ** (LEVELS + 1) - 1) // (CHILDREN - 1)
    return [max(0, (number - 1) // CHILDREN) for number in range(size)]


def conditions() -> list[ox.Triple]:
    """The tree of conditions as SKOS concepts."""
    triples = []
    for number, parent in enumerate(tree()):
        concept = ox.NamedNode(f"{BASE}made/condition/{number}")
        triples += [
            ox.Triple(concept, RDF_TYPE, ox.NamedNode(SKOS + "Concept")),
            ox.Triple(concept, RDFS_LABEL, ox.Literal(f"made condition {number}")),
        ]
        if number:
            above = ox.NamedNode(f"{BASE}made/condition/{parent}")
            triples.append(ox.Triple(concept, ox.NamedNode(SKOS + "broader"), above))
    return triples


def draft(shipped: Iterable[ox.Quad], drugs: list[str], chance: random.Random) -> list[str]:
    """A part of the shipped trial with other drugs, under its old name."""
    described: dict[str, list[ox.Triple]] = {}
    for quad in shipped:
        if quad.predicate.value not in LEFT_OUT:
            described.setdefault(text_of(quad.subject), []).append(quad.triple)
    chosen, agenda = {TRIAL}, []
    for kind, most in GROWN_FROM.items():
        things = [iri for iri in described if re.fullmatch(f"{TRIAL}/{kind}/[^/]+(/[^/]+)?", iri)]
        agenda += chance.sample(things, chance.randint(1, most))
    while agenda:
        iri = agenda.pop()
        if iri in described and iri not in chosen:
            chosen.add(iri)
            agenda += [triple.object.value for triple in described[iri] if isinstance(triple.object, ox.NamedNode)]
    others = dict(zip(DRUGS, chance.sample(drugs, len(DRUGS)), strict=True))
    return [
        re.sub("|".join(DRUGS), lambda found: others[found[0].lower()], str(triple), flags=re.IGNORECASE)
        for iri in sorted(chosen)
        for triple in described[iri]
        if not isinstance(triple.object, ox.NamedNode)
        or triple.object.value in chosen
        or triple.object.value not in described
    ]


def inferences(drafts: Iterable[list[str]]) -> tuple[list[str], list[list[str]]]:
    """What follows from the drafts: about what they share, and about each, the shipped name standing for its own."""
    store = ox.Store()
    store.bulk_extend(in_graph(vocabulary(), VOCABULARY_GRAPH))
    store.bulk_extend(in_graph(conditions(), CONDITIONS_GRAPH))
    count = 0
    for number, lines in enumerate(drafts):
        graph = mint("graph", "trial", trial_name(number))
        text = "".join(f"{line} <{graph}> .\n" for line in lines).replace(SHIPPED, trial_name(number))
        store.bulk_load(text, format=ox.RdfFormat.N_QUADS)
        count += 1
    materialise(store)
    shared: set[str] = {str(triple) for triple in labels(vocabulary())}
    about: list[list[str]] = [[] for _ in range(count)]
    own = re.compile(f"^<{re.escape(mint('trial', 'MADE-'))}([0-9]+)")
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH)):
        line = str(quad.triple)
        if found := own.match(line):
            about[int(found[1])].append(line.replace(trial_name(int(found[1])), SHIPPED))
        else:
            shared.add(line)
    return sorted(shared), about


def pattern(lines: Iterable[str], inferred: Iterable[str]) -> Pattern:
    """Make places in a draft for what differs from trial to trial."""
    figures: dict[tuple[str, str], int] = {}
    values: list[tuple[float, int]] = []
    made = []
    printed = {
        (found["subject"], found["name"]): found["text"]
        for line in lines
        if (found := VARIED.match(line)) and found["printed"]
    }
    for line in lines:
        line = line.replace("%", "%%")
        if (found := VARIED.match(line)) and (text := printed.get((found["subject"], found["name"]))):
            number = figures.setdefault((found["subject"], found["name"]), len(values))
            if number == len(values):
                values.append((float(text), len(text.partition(".")[2])))
            place = f'"%({"p" if found["printed"] else "v"}{number})s"'
            line = line[: found.start("text") - 1] + place + line[found.end("text") + 1 :]
        line = re.sub(rf'(<{EQP}enrollment> )"\d+"', r'\1"%(size)s"', line)
        line = re.sub(rf"(<{EQP}condition>) <[^>]*>", r"\1 <%(condition)s>", line)
        made.append(line.replace(SHIPPED, "%(trial)s").replace("CARES-310", "%(trial)s"))
    made.append(f'<{mint("trial", "%(trial)s")}> <{DCTERMS}title> "A made trial, %(trial)s"')
    follows = [line.replace("%", "%%").replace(SHIPPED, "%(trial)s") for line in inferred]
    return Pattern("\n".join(made), "\n".join(follows), tuple(values))


def quad_lines(made: MadeTrials) -> Iterator[bytes]:
    """All of it as N-Quads, a graph at a time, and what a release says of itself: which graph is of which trial."""
    names = map(trial_name, range(made.trials))
    subjects = [f"<{mint('graph', 'trial', name)}> <{DCTERMS}subject> <{mint('trial', name)}>" for name in names]
    for iri, lines in chain(made.graphs(), [(RELEASE_GRAPH, subjects)]):
        yield "".join(f"{line} <{iri}> .\n" for line in lines).encode()


def write_quads(path: Path, trials: int) -> None:
    """Write made trials as N-Quads; packed if the name says so."""
    with gzip.open(path, "wb", compresslevel=1) if path.suffix == ".gz" else path.open("wb") as file:
        for text in quad_lines(MadeTrials(trials)):
            file.write(text)


def write_made_release(data: Path, trials: int) -> Release:
    """Write made trials as a release and put it in service. They are made twice: to be hashed, and to be written."""
    made = MadeTrials(trials)
    entries = tuple(
        GraphEntry(iri, hashlib.sha256("".join(f"{line} .\n" for line in lines).encode()).hexdigest(), len(lines))
        for iri, lines in made.graphs()
    )
    entries = tuple(sorted(entries, key=lambda entry: entry.iri))
    manifest = Manifest(
        id=release_id(entries),
        graphs=entries,
        trials=tuple(map(trial_name, range(trials))),
        findings={},
        reasoner="rule set, on the patterns",
        software={name: version(name) for name in ("equipoise", "pyoxigraph")},
    )
    quads = chain.from_iterable(ox.parse(text, format=ox.RdfFormat.N_QUADS) for text in quad_lines(made))
    return write_release(data, manifest, chain(quads, release_quads(manifest.id, (), ())))


def main(trials: int, folder: Path) -> None:
    """Write both, and say what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    write_quads(folder / "data.nq", trials)
    release = write_made_release(folder, trials)
    print(f"{trials} trials, {release.manifest.triples} triples, release {release.id} in {folder}")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
