"""Releases that are not kept go, with the packs that only they name; the one in service and the history stay."""

from pathlib import Path

import pytest

from equipoise.graph.history import Entry, history, record
from equipoise.graph.registry.load import load_registry
from equipoise.graph.registry.packs import packs_on_shelf
from equipoise.graph.registry.quarantine import quarantined
from equipoise.graph.release import current_id, current_release, releases_on_disk
from equipoise.graph.retention import retire
from loads import Scene, content, made_scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Two releases of registry records, the second in service, each with a pack of its own."""
    scene = made_scene(tmp_path)
    record(scene.data, Entry.of_now(release=scene.before, before=None, how="build"))
    load_registry(scene.data, [scene.records])
    return scene


def test_zero_keeps_all(scene: Scene) -> None:
    assert retire(scene.data, keep=0) == []
    assert {release.id for release in releases_on_disk(scene.data)} == {scene.before, scene.now}


def test_release_that_is_not_kept_goes_and_its_index_was_needed_by_none(scene: Scene) -> None:
    entries = history(scene.data)
    assert retire(scene.data, keep=1) == [scene.before]
    assert [release.id for release in releases_on_disk(scene.data)] == [scene.now]
    assert scene.assert_whole(scene.data) == "new"
    assert content(current_release(scene.data).index) == scene.contents[scene.now]
    assert history(scene.data) == entries
    assert not list(scene.data.rglob(".new-*"))
    assert quarantined(scene.data) == []


def test_pack_that_a_kept_release_names_stays(scene: Scene) -> None:
    """Half of the records did not change, so the first pack is needed still."""
    retire(scene.data, keep=1)
    assert len(packs_on_shelf(scene.data)) == 2
    for path in scene.records.iterdir():
        path.write_text(path.read_text().replace('"count": 4', '"count": 5'))
    load_registry(scene.data, [scene.records])
    retire(scene.data, keep=1)
    assert len(packs_on_shelf(scene.data)) == 1


def test_release_in_service_stays_though_others_are_newer(scene: Scene) -> None:
    (scene.data / "current").write_text(scene.before + "\n")
    assert retire(scene.data, keep=1) == []
    assert current_id(scene.data) == scene.before
    assert {release.id for release in releases_on_disk(scene.data)} == {scene.before, scene.now}
