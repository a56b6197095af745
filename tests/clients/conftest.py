"""What the tests of clients share: a server that takes updates, and the JavaScript clients."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from equipoise.graph.release import Release
from serving import serving_equipoise
from support import ROOT, need

TOKEN = "of-the-client-tests"


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The JavaScript packages of tests/clients/package.json, where `.ci/run` puts them."""
    folder = ROOT / "build" / "clients" / "node_modules"
    need(folder.is_dir(), "build/clients/node_modules (make clients)")
    return folder


@pytest.fixture(scope="module")
def writable(
    release: Release, data_folder: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server over a copy of the release that takes updates from those who have TOKEN."""
    folder = tmp_path_factory.mktemp("writable")
    shutil.copytree(data_folder, folder / "data")
    settings = {"EQUIPOISE_DATA": str(folder / "data"), "EQUIPOISE_WRITE_TOKEN": TOKEN}
    with serving_equipoise({**environment, **settings}, log=folder / "log") as address:
        yield address
