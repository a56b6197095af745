"""`equipoise load`: the release in service onto the engine that the settings name, and whether the two are the same."""

from equipoise.api import terminal
from equipoise.graph.release import Release
from equipoise.graph.settings import Settings
from equipoise.graph.store.remote import RemoteStore
from equipoise.graph.store.transfer import compare_release, load_release
from equipoise.ontology.errors import SettingError

__all__ = ["check_engine", "load_engine"]


def load_engine(settings: Settings, release: Release, *, held: dict[str, str] | None = None) -> None:
    """Make the engine hold a release; say what was sent. `held` and what is raised are those of `load_release`."""
    with _engine(settings) as store:
        with terminal.counting(f"loading release {release.id}", release.manifest.served_triples) as report:
            sent = load_release(store, release, held=held, report=report)
        for iri in sent:
            terminal.note(f"sent {terminal.short(iri)}")
        terminal.say(f"release {release.id} is in service at {store.address} ({store.engine.name})")


def check_engine(settings: Settings, release: Release) -> bool:
    """Compare all that the engine holds of a release with the release on disk; whether it is the same."""
    with _engine(settings) as store, terminal.working("reading the engine"):
        compared = compare_release(store, release)
    rows = [
        [
            terminal.short(graph.iri),
            "same" if graph.same else "differs",
            str(graph.wanted.triples),
            str(graph.found.triples),
            graph.wanted.sha256[:12],
            graph.found.sha256[:12],
        ]
        for graph in compared
    ]
    terminal.table(["graph", "verdict", "triples", "found", "sha256", "found"], rows)
    return all(graph.same for graph in compared)


def _engine(settings: Settings) -> RemoteStore:
    if not settings.store:
        allowed = "set it, or --store, to the address of a SPARQL endpoint"
        raise SettingError("EQUIPOISE_STORE", found="is not set", allowed=allowed)
    return RemoteStore(settings.store, settings=settings)
