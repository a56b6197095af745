"""The README and the documents: their commands are run, their queries asked, their links followed."""

import contextlib
import io
import re
import shlex

import pytest

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.queries.catalogue import catalogue
from support import ROOT, equipoise

README = (ROOT / "README.md").read_text()
DOCUMENTS = ["README.md", "docs/guide.md", "docs/model.md"]
SHOWN = re.findall(r"```console\n\$ equipoise (.*)\n([\s\S]*?)```", README)


def test_readme_shows_commands() -> None:
    assert len(SHOWN) == 4


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_command_of_the_readme_prints_what_it_shows(environment: dict[str, str], command: str, output: str) -> None:
    words = [str(ROOT / word) if word.startswith("examples/") else word for word in shlex.split(command)]
    assert equipoise(*words, environment=environment).stdout == output


def test_python_of_the_readme_prints_what_it_shows(release, data_folder, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = re.search(r"```python\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```", README).groups()
    monkeypatch.setenv("EQUIPOISE_DATA", str(data_folder))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_text_exist(document: str, environment: dict[str, str]) -> None:
    for name in re.findall(r"equipoise query ([a-z-]+)", (ROOT / document).read_text()):
        assert name in catalogue()


@pytest.mark.parametrize("query", re.findall(r"```sparql\n([\s\S]*?)```", (ROOT / "docs" / "model.md").read_text()))
def test_query_of_the_model_can_be_asked(store: EmbeddedStore, query: str) -> None:
    found = store.query(query)
    # Three failed checks; no registry record; else what concerns the one trial.
    assert len(found) == (3 if "eqp:Failed" in query else 0 if "eqp:jsonPointer" in query else 1)


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md", "docs/glossary.md"])
def test_links_to_files_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_terms_of_the_model_exist(store: EmbeddedStore) -> None:
    used = set(re.findall(r"eqp:([A-Za-z0-9]+)", (ROOT / "docs" / "model.md").read_text()))
    known = {
        row["t"].rpartition("/")[2]
        for row in store.query("SELECT ?t { ?t <http://www.w3.org/2004/02/skos/core#definition> ?d }").values()
    }
    assert used - known == set()
