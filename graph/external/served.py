"""Which external ontologies a release is served with: one added, another version of one, or one no more.

In: a data folder, and a file or a name. Out: a new release in service with the graphs of the one before, and an entry
in the history. Whatever goes wrong leaves the data folder as it was.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from equipoise.graph.external.reader import read_apart
from equipoise.graph.external.reading import Reading
from equipoise.graph.external.shelf import Ontology, file_hash, graph_of, named, put_on_shelf, shelf_place
from equipoise.graph.external.sources import known_source
from equipoise.graph.history import Entry, record
from equipoise.graph.issue import reissue_release
from equipoise.graph.lock import hold
from equipoise.graph.release import Release, current_release
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import OntologyError

__all__ = ["OntologyFile", "Served", "add_ontology", "remove_ontology", "update_ontology"]


@dataclass(frozen=True)
class OntologyFile:
    """A file at hand, the name that its ontology is to have, where it came from (an address, or the file's name), and
    the SHA-256 that it must have, if any.
    """

    path: Path
    name: str
    source: str
    sha256: str = ""


@dataclass(frozen=True)
class Served:
    """What a change led to: the release, the one before, the ontology, and what is worth a remark about it."""

    release: Release
    before: Release
    ontology: Ontology
    remarks: tuple[str, ...] = ()


def add_ontology(
    given: OntologyFile,
    *,
    settings: Settings,
    who: str | None = None,
    why: str | None = None,
    report: Callable[[int], object] = id,
) -> Served:
    """Serve the release with one ontology more; `report` is told how many of its triples were read.

    Raises OntologyError if the file is refused or the name taken, LimitError if reading it passed a limit, LockError if
    another process is writing, ReleaseError if there is no release.
    """
    with hold(settings.data):
        before = current_release(settings.data)
        if any(ontology.name == given.name for ontology in before.manifest.ontologies):
            allowed = "use equipoise ontology update, or another --name"
            raise OntologyError(given.name, found="is there already", allowed=allowed)
        return _serve(given, before, how="ontology add", settings=settings, who=who, why=why, report=report)


def update_ontology(
    given: OntologyFile,
    *,
    settings: Settings,
    who: str | None = None,
    why: str | None = None,
    report: Callable[[int], object] = id,
) -> Served:
    """Serve the release with what a file holds in the place of an ontology of that name. Raises as `add_ontology`."""
    with hold(settings.data):
        before = current_release(settings.data)
        before.manifest.ontology(given.name)
        return _serve(given, before, how="ontology update", settings=settings, who=who, why=why, report=report)


def remove_ontology(data: Path, name: str, *, who: str | None = None, why: str | None = None) -> Served:
    """Serve the release without an ontology. Raises UnknownNameError if it has none of that name."""
    with hold(data):
        before = current_release(data)
        ontology = before.manifest.ontology(name)
        rest = [one for one in before.manifest.ontologies if one != ontology]
        release = _put_in_service(before, rest, how="ontology remove", graph=ontology.iri, who=who, why=why)
    return Served(release, before, ontology)


def _serve(
    given: OntologyFile,
    before: Release,
    *,
    how: str,
    settings: Settings,
    who: str | None,
    why: str | None,
    report: Callable[[int], object],
) -> Served:
    """Put a file on the shelf and serve the release with it; a file that was put there in vain is taken away."""
    data, name, iri = settings.data, named(given.name), graph_of(given.name)
    sha256, remarks = file_hash(given.path), list[str]()
    if given.sha256 and given.sha256.lower() != sha256:
        raise OntologyError(given.source, found=f"has the SHA-256 {sha256}", allowed=f"must be {given.sha256.lower()}")

    def write(into: Path) -> Ontology:
        reading = read_apart(given.path, into=into, base=iri, settings=settings, report=report)
        remarks.extend(reading.remarks)
        return _ontology(given, sha256, reading)

    place = shelf_place(data, name, sha256)
    in_vain = not place.exists()
    try:
        ontology = put_on_shelf(data, name, sha256, write)
        rest = [one for one in before.manifest.ontologies if one.name != name]
        release = _put_in_service(before, [*rest, ontology], how=how, graph=iri, who=who, why=why)
        in_vain = False
    finally:
        if in_vain:
            shutil.rmtree(place, ignore_errors=True)
    return Served(release, before, ontology, tuple(remarks))


def _put_in_service(
    before: Release, ontologies: Iterable[Ontology], *, how: str, graph: str, who: str | None, why: str | None
) -> Release:
    release = reissue_release(before.data, before, ontologies=ontologies)
    record(before.data, Entry.of_now(release=release.id, before=before.id, how=how, graph=graph, who=who, why=why))
    return release


def _ontology(given: OntologyFile, sha256: str, reading: Reading) -> Ontology:
    """What is known of an ontology: what it says of itself, and where it says nothing, what the catalogue says."""
    header, known = reading.header, known_source(given.name)
    return Ontology(
        name=given.name,
        iri=graph_of(given.name),
        sha256=sha256,
        triples=reading.triples,
        title=header.title or (known.title if known else given.name),
        ontology=header.ontology,
        version_iri=header.version_iri,
        version=header.version,
        licence=header.licence or (known.licence if known else ""),
        source=given.source,
        format=reading.format,
        added=datetime.now(UTC).date().isoformat(),
    )
