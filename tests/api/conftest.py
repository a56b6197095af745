"""A real server that some may write to, over a data folder of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from equipoise.graph.publish import build
from serving import serving_equipoise
from support import DATA
from written import TOKEN, WRITER


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    build([DATA / "MADE-0001.yaml"], folder)
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What that server writes about itself."""
    return tmp_path_factory.mktemp("writing") / "log"


@pytest.fixture(scope="module")
def address(data: Path, log: Path) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    mine = {"EQUIPOISE_DATA": str(data), "EQUIPOISE_WRITE_TOKEN": f"ada={TOKEN} eve=another-token"}
    mine |= {"EQUIPOISE_BODY_MEGABYTES": "1"}
    with serving_equipoise({**kept, **mine}, log=log) as address:
        yield address


@pytest.fixture(scope="module")
def anyone(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def writer(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, headers=WRITER) as client:
        yield client
