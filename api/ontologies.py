"""The commands of external ontologies: add, update, remove, list; what they say.

They stand apart from the command line because what they need is slow to load.
"""

from collections.abc import Sequence
from pathlib import Path

from equipoise.api import terminal
from equipoise.api.curating import this_user
from equipoise.api.loading import load_engine
from equipoise.graph.external.download import download, file_name
from equipoise.graph.external.effects import Effect, effects_of_removal, effects_of_version
from equipoise.graph.external.served import OntologyFile, Served, add_ontology, remove_ontology, update_ontology
from equipoise.graph.external.shelf import Ontology, named, shelved
from equipoise.graph.external.sources import address_of, may_be_redistributed, sources
from equipoise.graph.external.unpacking import plain_name
from equipoise.graph.release import current_release
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import OntologyError
from equipoise.ontology.iri import slug

__all__ = ["add_from", "list_known", "list_served", "list_shelf", "remove_named", "update_from"]


def add_from(settings: Settings, source: str, *, name: str, sha256: str, why: str | None) -> None:
    """Serve the release with one ontology more, from a file, an address or the catalogue; say what it is."""
    given = _given(settings, source, name or _usual_name(source), sha256)
    with terminal.numbering(f"reading {given.source}") as report:
        served = add_ontology(given, settings=settings, who=this_user(), why=why, report=report)
    _say_served(settings, served, given)


def update_from(settings: Settings, name: str, source: str, *, sha256: str, why: str | None) -> None:
    """Serve the release with another version of an ontology; say what that does to the mappings."""
    given = _given(settings, source or _source_before(settings, name), name, sha256)
    with terminal.numbering(f"reading {given.source}") as report:
        served = update_ontology(given, settings=settings, who=this_user(), why=why, report=report)
    _say_served(settings, served, given)
    _say_effects(effects_of_version(served.release, served.before, served.ontology))


def remove_named(settings: Settings, name: str, *, why: str | None) -> None:
    """Serve the release without an ontology; say which mappings lead into it."""
    with terminal.working("making the index"):
        served = remove_ontology(settings.data, name, who=this_user(), why=why)
    terminal.say(f"release {served.release.id} is served without {name}; its triples stay on the shelf")
    if settings.store:
        load_engine(settings, served.release)
    _say_effects(effects_of_removal(served.before, served.release, served.ontology))


def list_known() -> None:
    """List the catalogue of known sources."""
    rows = [
        [name, source.title, source.address or f"own copy only: {source.holder}", source.licence]
        for name, source in sources().items()
    ]
    terminal.table(["name", "title", "from", "licence"], rows)


def list_served(settings: Settings) -> None:
    """List the ontologies that the release in service is served with."""
    served = current_release(settings.data).manifest.ontologies
    _list(served, served)


def list_shelf(settings: Settings) -> None:
    """List all on the shelf, those too that only earlier releases are served with."""
    _list(shelved(settings.data), current_release(settings.data).manifest.ontologies)


def _list(ontologies: Sequence[Ontology], served: Sequence[Ontology]) -> None:
    columns = ["name", "title", "version", "triples", "licence", "source", "format", "added", "sha256", "served"]
    rows = [
        [
            ontology.name,
            ontology.title,
            ontology.version or ontology.version_iri,
            str(ontology.triples),
            ontology.licence,
            ontology.source,
            ontology.format,
            ontology.added,
            ontology.sha256[:12],
            "yes" if ontology in served else "",
        ]
        for ontology in ontologies
    ]
    terminal.table(columns, rows)


def _is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _usual_name(source: str) -> str:
    """The name of an ontology that none was given: of the catalogue, or made of the name of its file."""
    if source in sources():
        return source
    stem = plain_name(Path(file_name(source) if _is_address(source) else source)).stem
    try:
        return slug(stem)
    except ValueError:
        return named(stem)  # which it is not, and says so


def _given(settings: Settings, source: str, name: str, sha256: str) -> OntologyFile:
    """The file that is meant, fetched if it is not here. Raises OntologyError."""
    path = Path(source)
    if not _is_address(source) and (path.exists() or source not in sources()):
        if not path.is_file():
            address_of(source)  # which says what is known by such a name
        return OntologyFile(path, named(name), path.name, sha256=sha256)
    address = source if _is_address(source) else address_of(source)
    named(name)
    with terminal.fetching(f"fetching {address}") as report:
        path = download(
            address,
            settings.data / "downloads",
            most_bytes=settings.file_megabytes << 20,
            sha256=sha256,
            report=report,
        )
    return OntologyFile(path, name, address, sha256=sha256)


def _source_before(settings: Settings, name: str) -> str:
    """Where an ontology came from, if that is an address. Raises OntologyError for one that was a file."""
    source = current_release(settings.data).manifest.ontology(name).source
    if not _is_address(source):
        raise OntologyError(name, found=f"came from the file {source}", allowed="give the file of the other version")
    return source


def _say_served(settings: Settings, served: Served, given: OntologyFile) -> None:
    ontology = served.ontology
    for remark in served.remarks:
        terminal.note(remark)
    if not may_be_redistributed(ontology.name):
        terminal.note(f"{ontology.name} is not listed as free to pass on; export leaves it out unless it is asked for")
    terminal.say(
        f"{ontology.name}: {ontology.title}, {ontology.edition}; {ontology.triples} triples ({ontology.format}), "
        f"sha256 {ontology.sha256[:12]}, licence {ontology.licence or 'not stated'}"
    )
    terminal.say(f"in {terminal.short(ontology.iri)} of release {served.release.id}, in service in {settings.data}")
    if _is_address(given.source):
        given.path.unlink(missing_ok=True)  # its triples are on the shelf
    if settings.store:
        load_engine(settings, served.release)


def _say_effects(effects: list[Effect]) -> None:
    """Say which mappings lead to what is not current; what no version at hand has yet is only noted."""
    rows = [
        [
            terminal.short(effect.term),
            terminal.short(effect.predicate),
            terminal.short(effect.target),
            effect.now if effect.now == effect.before else f"{effect.now} (was {effect.before})",
            ", ".join(map(terminal.short, effect.proposed)),
        ]
        for effect in effects
        if effect.now != "unknown"
    ]
    if rows:
        terminal.table(["term", "relation", "target", "stands", "proposed"], rows)
    for effect in effects:
        if effect.now == "unknown":
            target, term = terminal.short(effect.target), terminal.short(effect.term)
            terminal.note(f"{target}, to which {term} is mapped, is newer than this version: unknown, no fault")
    terminal.say(f"mappings whose target is not current: {len(rows)}")
