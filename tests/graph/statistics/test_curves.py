"""C13 to C18, C21 and C22: medians, survival probabilities and hazard ratios.

The rising survival is how one news page has LEAP-002; the rest is CARES-310.
"""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.printed import parse_number
from equipoise.graph.statistics.curves import (
    check_direction,
    check_landmark_ratio,
    check_median_against_survival,
    check_medians_ratio,
    check_not_above,
    check_same_landmark,
    check_vectors_differ,
)
from equipoise.graph.statistics.intervals import Interval

OVERALL = Interval(parse_number("0.64"), parse_number("0.52"), parse_number("0.79"), 95)


def test_survival_against_time_and_median() -> None:
    number = parse_number
    assert not check_not_above(
        number("22.4"), number("14.1"), words="survival"
    ).passed  # LEAP-002 as one news page has it
    assert check_not_above(number("38"), number("37.7"), words="survival").passed
    assert check_median_against_survival(number("77"), 12, number("23.8")).passed
    assert check_median_against_survival(number("49.0"), 24, number("23.8")).passed
    assert not check_median_against_survival(number("45"), 12, number("23.8")).passed
    assert check_median_against_survival(number("45"), 23.8, number("23.8")) is None


def test_direction_against_medians() -> None:
    number = parse_number
    limits = (number("0.52"), number("0.79"))
    assert check_direction(number("0.64"), number("23.8"), number("15.2"), limits=limits).passed
    inverse = (number("1.27"), number("1.92"))
    assert check_direction(number("1.56"), number("23.8"), number("15.2"), limits=inverse).severity == "Warning"
    assert check_direction(number("1.56"), number("23.8"), number("15.2"), limits=None).severity == "Warning"
    wide = (number("0.80"), number("1.32"))
    assert check_direction(number("1.03"), number("15.8"), number("15.2"), limits=wide).severity == "Info"
    assert check_direction(number("0.85"), number("15.2"), number("15.2"), limits=wide) is None
    assert check_direction(number("1.00"), number("15.2"), number("14.1"), limits=wide) is None


def test_medians_far_from_the_hazard_ratio_are_remarked() -> None:
    number = parse_number
    assert check_medians_ratio(number("0.64"), number("23.8"), number("15.2")).passed
    assert check_medians_ratio(number("0.64"), number("15.2"), number("23.8")).severity == "Info"
    assert check_medians_ratio(number("0.64"), number("0.0"), number("23.8")) is None


@pytest.mark.parametrize(("at", "target", "reference", "ratio"), [(12, "77", "61", 0.53), (24, "49.0", "32.6", 0.64)])
def test_survival_implies_a_hazard_ratio(at: int, target: str, reference: str, ratio: float) -> None:
    verdict = check_landmark_ratio(OVERALL, at, parse_number(target), parse_number(reference))
    assert verdict.passed
    assert log(float(target) / 100) / log(float(reference) / 100) == pytest.approx(ratio, abs=0.005)


def test_survival_that_implies_another_hazard_ratio_is_remarked() -> None:
    assert check_landmark_ratio(OVERALL, 24, parse_number("49.0"), parse_number("45.0")).severity == "Info"
    assert check_landmark_ratio(OVERALL, 1, parse_number("100"), parse_number("99")) is None


def test_survival_at_one_time_hardly_changes_from_look_to_look() -> None:
    number = parse_number
    assert check_same_landmark(number("49.0"), number("51"), 24, 272).passed
    assert check_same_landmark(number("49.0"), number("60"), 24, 272).severity == "Warning"
    assert check_same_landmark(number("49.0"), number("53"), 24, None).severity == "Warning"


def test_copied_row_is_found() -> None:
    """Survival as one news page has it for LEAP-002, beside the progression-free survival that it also gives."""
    survival = [(24.0, "16.4"), (36.0, "14.1"), (48.0, "22.4")]
    progression = [(24.0, "16.4"), (36.0, "14.1")]
    assert check_vectors_differ(survival, progression).severity == "Warning"
    assert check_vectors_differ(survival, [(24.0, "9.7"), (36.0, "3.3")]).passed
    assert check_vectors_differ(survival, [(24.0, "16.4")]).passed


@given(ratio=st.floats(0.3, 2.0), reference=st.floats(1.0, 60.0), at=st.floats(1.0, 60.0), places=st.integers(0, 1))
def test_curves_with_constant_hazards_pass(ratio: float, reference: float, at: float, places: int) -> None:
    """Two exponential curves, printed: their medians and survival agree with each other and with their ratio."""
    number = parse_number
    medians = [number(f"{reference / ratio:.1f}"), number(f"{reference:.1f}")]
    hazard = log(2) / reference
    survival = [number(f"{100 * 2.718281828459045 ** (-rate * at):.{places}f}") for rate in (ratio * hazard, hazard)]
    printed = Interval(number(f"{ratio:.2f}"), number(f"{0.8 * ratio:.2f}"), number(f"{1.25 * ratio:.2f}"), 95)
    for verdict in (
        check_direction(printed.value, *medians, limits=(printed.lower, printed.upper)),
        check_medians_ratio(printed.value, *medians),
        check_landmark_ratio(printed, at, *survival),
        *(check_median_against_survival(value, at, median) for value, median in zip(survival, medians, strict=True)),
    ):
        assert verdict is None or verdict.passed
