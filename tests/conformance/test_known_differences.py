"""Where the engine departs from the SPARQL 1.1 Query Language: the list is true, and the documentation has it."""

from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from support import ROOT

LIST = yaml.safe_load((ROOT / "tests" / "conformance" / "known-differences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("difference", LIST["differences"], ids=lambda difference: difference["name"])
def test_known_difference_is_still_there(difference: dict[str, Any]) -> None:
    store = ox.Store()
    if "data" in difference:
        store.update(f"{LIST['prefixes']} INSERT DATA {{ {difference['data']} }}")
    if "accepts" in difference:
        assert list(store.query(LIST["prefixes"] + difference["accepts"]))
    else:
        answer = store.query(LIST["prefixes"] + difference["ask"])
        assert not answer, "the engine now answers as the standard does: take this off the list"


def test_known_differences_are_documented() -> None:
    documented = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    missing = [entry["name"] for entry in LIST["differences"] if f"| {entry['says']} |" not in documented]
    assert missing == []
