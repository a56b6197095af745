"""What the tests share: a release built once, the stores over it, a real server on loopback, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from engines import RunningEngine, running
from equipoise.graph.publish import assemble, publish, shipped_records
from equipoise.graph.release import Release
from equipoise.graph.settings import Settings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.pooled import PooledStore, open_pool
from equipoise.graph.store.transfer import load_release
from serving import serving_equipoise
from support import need

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def release(data_folder: Path) -> Release:
    return publish(assemble(shipped_records()), data_folder)


@pytest.fixture(scope="session")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(release)


@pytest.fixture(scope="session")
def pooled(store: EmbeddedStore) -> Iterator[PooledStore]:
    with open_pool(store.folder, store.release, Settings(query_seconds=20)) as pool:
        yield pool


@pytest.fixture(scope="session")
def environment(release: Release, data_folder: Path) -> dict[str, str]:
    """The environment of a user who works with the release of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    return {**kept, "EQUIPOISE_DATA": str(data_folder), "EQUIPOISE_QUERY_SECONDS": "3"}


@pytest.fixture(scope="session")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server over the release, on a free port of loopback."""
    with serving_equipoise(environment, log=tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium is not None, "Chromium (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def oxigraph(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with holding("oxigraph", release, tmp_path_factory) as engine:
        yield engine


@pytest.fixture(scope="session")
def fuseki(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with holding("fuseki", release, tmp_path_factory) as engine:
        yield engine


@pytest.fixture(scope="session")
def virtuoso(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with holding("virtuoso", release, tmp_path_factory) as engine:
        yield engine


@contextmanager
def holding(name: str, release: Release, folders: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """Run an engine that holds the release of these tests."""
    with running(name, folders.mktemp(name)) as engine, engine.store() as store:
        load_release(store, release)
        yield engine
