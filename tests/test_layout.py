"""The house itself: who may import whom, what is packed, and what no file may say."""

import re
import subprocess
import tomllib

import pytest

from support import ROOT, need

LAYERS = ["ontology", "graph", "queries", "api"]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    need(listed.returncode == 0, "the git checkout that the list of files is compared with")
    return listed.stdout.splitlines()


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_imports_no_later_layer(layer: str) -> None:
    code = "\n".join(path.read_text() for path in (ROOT / layer).rglob("*.py"))
    later = LAYERS[LAYERS.index(layer) + 1 :]
    assert [name for name in later if f"equipoise.{name}" in code] == []


def test_every_package_is_packed() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = set(configuration["tool"]["setuptools"]["packages"])
    found = {
        ".".join(("equipoise", *path.parent.relative_to(ROOT).parts))
        for layer in LAYERS
        for path in (ROOT / layer).rglob("__init__.py")
    }
    assert packages == found


def test_every_data_file_of_the_packages_matches_a_packing_pattern() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = configuration["tool"]["setuptools"]["package-data"]["*"]
    packages = [ROOT.joinpath(*name.split(".")[1:]) for name in configuration["tool"]["setuptools"]["packages"]]
    packed = {path for package in packages for pattern in patterns for path in package.glob(pattern)}
    wanted = {ROOT / name for name in tracked() if name.split("/")[0] in LAYERS and not name.endswith(".py")}
    assert wanted - packed == set()


def test_modules_stay_short() -> None:
    long = {
        name: lines
        for name in tracked()
        if name.endswith(".py") and (lines := len((ROOT / name).read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    forbidden = re.compile(r"(?<![\w.])/(?:root|home|work|tmp)/|files\.pythonhosted|registry\.npmjs|//pypi\.org")
    guilty = [
        name
        for name in tracked()
        if name != "tests/test_layout.py" and forbidden.search((ROOT / name).read_text(errors="replace"))
    ]
    assert guilty == []
