"""The self-audit catches what it promises, on made contrasts (a small run of `benchmarks/mutations.py`)."""

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest

from support import ROOT

PROMISED = {
    "two digits of the value swapped": 99.0,
    "two digits of the lower limit swapped": 99.0,
    "two digits of the upper limit swapped": 99.0,
    "interval of another row": 97.0,
    "p value ten times too large or too small": 99.0,
    "events of the reference arm halved": 97.0,
    "98 % interval stored as one of 95 %": 95.0,
    "whole contrast inverted": 95.0,
}


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutations", ROOT / "benchmarks" / "mutations.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutations"] = module
    spec.loader.exec_module(module)
    return module


def cases(mutations: ModuleType, level: float) -> list:
    chance = np.random.default_rng(7)
    return [mutations.made(chance, level) for _ in range(600)]


@pytest.mark.parametrize("name", PROMISED)
def test_corruption_is_caught(mutations: ModuleType, name: str) -> None:
    level, mutate = mutations.MUTATIONS[name]
    shares, _ = mutations.share(cases(mutations, level), mutate)
    assert shares[-1] >= PROMISED[name]


def test_sound_contrasts_raise_hardly_any_alarm(mutations: ModuleType) -> None:
    shares, _ = mutations.share(cases(mutations, 95.0), lambda case, _, __: case.contrast)
    assert shares[-1] <= 0.5
