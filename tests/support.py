"""Where things are, what may be missing, and how the command line is run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from equipoise.graph.release import Release
from equipoise.graph.store import Bindings, Term
from equipoise.graph.store.engines import Engine

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"

# What the questions that demand a parameter are asked with, by the name of the question.
GIVEN = {
    "drug-names": {"name": "apatinib"},
    "adverse-event-status": {"event": "HepaticFailure"},
    "resolve-identifier": {"identifier": "mesh:D000077157"},
    "results-by-external-class": {"class": "ATC L01FF"},
    **{
        f"registry-{name}": {"trial": "CARES-310"}
        for name in ("adverse-events", "arms", "comparisons", "endpoints", "results")
    },
    "trials-by-external-class": {"class": "ATC L01FF"},
}


def need(present: bool, what: str) -> None:
    """Skip a test whose means are missing; where CI is set they must not be."""
    if not present and os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must have it")
    if not present:
        pytest.skip(f"{what} is missing")


def equipoise(
    *arguments: str, environment: dict[str, str], text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    command = [sys.executable, "-P", "-m", "equipoise.api.cli", *arguments]
    return subprocess.run(command, env=environment, input=text, capture_output=True, text=True, timeout=120)


def triples_of(release: Release, graph: str) -> int:
    """How many triples one of our named graphs has, by the manifest of the release."""
    return next(entry.triples for entry in release.manifest.graphs if entry.iri.endswith(f"/graph/{graph}"))


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem document of an error, whose shape is the same everywhere."""
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert {"type", "title", "status", "detail"} <= set(document)
    assert document["status"] == response.status_code
    assert "Traceback" not in response.text
    return document


def normal_rows(answer: Bindings) -> list[dict[str, Term]]:
    """Rows with one spelling for each number, and its datatype, which Python's 1 == True would hide."""
    normal = Engine().normal
    return [
        {name: normal(term) if isinstance(term, ox.Literal) else term for name, term in row.items()}
        for row in answer.solutions[1]
    ]
