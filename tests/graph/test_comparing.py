"""Two releases compared: trials that came, went and changed, and value by value what changed, in both directions."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from equipoise.graph.comparing import compare, trial_changes
from equipoise.graph.publish import build
from equipoise.graph.registry.load import load_registry
from equipoise.graph.release import Release
from equipoise.ontology.errors import UnknownNameError
from registry_studies import made_study
from support import DATA

CURATED, REGISTERED = "MADE-0001", "NCT00000901"


class Three(NamedTuple):
    """A curated trial; the same and a registry record; the curated trial otherwise, and the record otherwise."""

    built: Release
    loaded: Release
    changed: Release


def registry_record(folder: Path, status: str) -> Path:
    study = made_study()
    study["protocolSection"]["statusModule"]["overallStatus"] = status
    path = folder / f"{status}.json"
    path.write_text(json.dumps(study))
    return path


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Three:
    folder = tmp_path_factory.mktemp("three")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        _, built = build([DATA / f"{CURATED}.yaml"], folder / "data")
        loaded = load_registry(folder / "data", [registry_record(folder, "RECRUITING")]).release
        text = (DATA / f"{CURATED}.yaml").read_text()
        other = folder / f"{CURATED}.yaml"
        other.write_text(text.replace("against sorafenib, a made trial", "or sorafenib, a made trial", 1))
        build([other], folder / "data")
        changed = load_registry(folder / "data", [registry_record(folder, "COMPLETED")]).release
    return Three(built, loaded, changed)


def test_trials_came_went_and_changed(three: Three) -> None:
    came = compare(three.built, three.loaded)
    assert (came.added, came.removed, came.changed) == ((REGISTERED,), (), ())
    went = compare(three.loaded, three.built)
    assert (went.added, went.removed, went.changed) == ((), (REGISTERED,), ())
    both = compare(three.loaded, three.changed)
    assert (both.added, both.removed, both.changed) == ((), (), (CURATED, REGISTERED))
    assert (both.before, both.now) == (three.loaded.id, three.changed.id)


def test_release_does_not_differ_from_itself(three: Three) -> None:
    same = compare(three.changed, three.changed)
    assert (same.added, same.removed, same.changed, same.graphs) == ((), (), (), ())
    assert trial_changes(three.changed, three.changed, REGISTERED) == []


def test_changes_backwards_are_the_changes_turned_around(three: Three) -> None:
    for trial in (CURATED, REGISTERED):
        forwards = trial_changes(three.loaded, three.changed, trial)
        backwards = trial_changes(three.changed, three.loaded, trial)
        assert forwards
        assert [(one.thing, one.property, one.now, one.before) for one in backwards] == [
            (one.thing, one.property, one.before, one.now) for one in forwards
        ]


def test_value_that_changed_is_told_with_its_graph_and_what_it_was(three: Three) -> None:
    (title,) = trial_changes(three.loaded, three.changed, CURATED)
    assert (title.graph.rsplit("/", 1)[-1], title.property) == (CURATED, "http://purl.org/dc/terms/title")
    assert title.before == ("Rivoceranib against sorafenib, a made trial",)
    assert title.now == ("Rivoceranib or sorafenib, a made trial",)
    changes = trial_changes(three.loaded, three.changed, REGISTERED)
    status = next(one for one in changes if one.property.endswith("registryStatus"))
    assert (status.before, status.now) == (("eqp:Recruiting",), ("eqp:Completed",))


def test_trial_that_came_has_no_value_before(three: Three) -> None:
    changes = trial_changes(three.built, three.loaded, REGISTERED)
    assert len(changes) > 20
    assert {one.before for one in changes} == {()}
    assert all(one.now for one in changes)


def test_where_a_value_was_read_is_no_change(three: Three) -> None:
    properties = {one.property for one in trial_changes(three.built, three.loaded, REGISTERED)}
    assert not {name for name in properties if name.endswith(("citedFrom", "textHash", "spanHash"))}


def test_trial_of_neither_release_is_unknown(three: Three) -> None:
    with pytest.raises(UnknownNameError, match="NCT00000000"):
        trial_changes(three.built, three.changed, "NCT00000000")
