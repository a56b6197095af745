"""Settings: read from the environment, refused with name, value and what is allowed."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError
from support import ROOT


def test_defaults_hold_in_an_empty_environment() -> None:
    settings = Settings.from_environment({})
    assert settings.data.name == "equipoise"
    assert (settings.store, settings.sources, settings.query_seconds, settings.default_graph) == (
        "",
        None,
        30.0,
        "union",
    )


def test_environment_is_read() -> None:
    settings = Settings.from_environment(
        {"EQUIPOISE_DATA": "~/x", "EQUIPOISE_QUERY_SECONDS": "2.5", "EQUIPOISE_STORE": "http://e/q"}
    )
    assert settings.data == Path("~/x").expanduser()
    assert (settings.query_seconds, settings.store) == (2.5, "http://e/q")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("EQUIPOISE_QUERY_SECONDS", "soon", "is 'soon'; must be above 0 and at most 3600"),
        ("EQUIPOISE_QUERY_SECONDS", "0", "is '0'; must be above 0"),
        ("EQUIPOISE_QUERY_SECONDS", "nan", "is 'nan'; must be above 0"),
        ("EQUIPOISE_QUERY_WORKERS", "1.5", "is 1.5; must be a whole number"),
        ("EQUIPOISE_QUERY_WORKERS", "257", "must be above 0 and at most 256"),
        ("EQUIPOISE_QUERY_WORKERS", "1", "is 1; must be at least 2"),
        ("EQUIPOISE_DEFAULT_GRAPH", "none", "is 'none'; must be union or strict"),
        ("EQUIPOISE_STORE", "file:///etc/passwd", "must be empty or an http(s) address"),
    ],
)
def test_bad_value_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingError, match=re.escape(f"{name}: ") + ".*" + re.escape(message)):
        Settings.from_environment({name: value})


def test_every_setting_is_documented() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text()
    assert [field.name for field in fields(Settings) if f"EQUIPOISE_{field.name.upper()}" not in guide] == []
