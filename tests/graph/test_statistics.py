"""The arithmetic of the checks: published contrasts that are right, corrupted ones that are not, and rules for all.

The published figures: IMbrave150 (NEJM 2020;382:1894), HIMALAYA (NEJM Evid 2022), ORIENT-32, CheckMate 214 and
CARES-310, as their abstracts print them. The p values that each interval implies were worked out apart from this code.
"""

from math import erfc, exp, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.graph.printed import parse_number, parse_p
from equipoise.graph.statistics import (
    Interval,
    check_count,
    check_direction,
    check_interval_contains,
    check_median_against_survival,
    check_not_above,
    check_p_against_interval,
    check_percentage,
    check_ratio_symmetry,
    check_significance,
    check_sum,
    p_box,
)

GOLDEN = [
    # value, lower, upper, level, p, sides, least and greatest implied p
    pytest.param("0.64", "0.52", "0.79", 95, "<0.0001", 1, 4.8e-6, 3.8e-5, id="CARES-310 OS final"),
    pytest.param("0.62", "0.49", "0.80", 95, "<0.0001", 1, 2.9e-5, 1.4e-4, id="CARES-310 OS interim"),
    pytest.param("0.58", "0.42", "0.79", 95, "=0.0006", 2, 4.1e-4, 1.2e-3, id="IMbrave150 OS"),
    pytest.param("0.78", "0.65", "0.92", 96.02, "=0.0035", 2, 1.7e-3, 5.8e-3, id="HIMALAYA STRIDE"),
    pytest.param("0.57", "0.43", "0.75", 95, "<0.0001", 2, 3.2e-5, 1.6e-4, id="ORIENT-32 OS"),
]


def interval(value: str, lower: str, upper: str, level: float | None) -> Interval:
    return Interval(parse_number(value), parse_number(lower), parse_number(upper), level)


@pytest.mark.parametrize(("value", "lower", "upper", "level", "p", "sides", "least", "greatest"), GOLDEN)
def test_published_contrast_passes(
    value: str, lower: str, upper: str, level: float, p: str, sides: int, least: float, greatest: float
) -> None:
    figures = interval(value, lower, upper, level)
    assert check_interval_contains(figures, is_ratio=True).passed
    assert check_ratio_symmetry(figures).passed
    assert check_p_against_interval(figures, parse_p(p), sides=sides).passed
    assert check_significance(figures, parse_p(p), sides=sides).passed
    box = p_box(figures, sides=sides)
    assert box == pytest.approx((least, greatest), rel=0.05)


def test_level_lost_is_found_by_the_p_value() -> None:
    """CheckMate 214 OS: a 99.8 % interval stored as one of 95 %."""
    right, wrong = interval("0.63", "0.44", "0.89", 99.8), interval("0.63", "0.44", "0.89", 95)
    p = parse_p("<0.0001")
    assert check_p_against_interval(right, p, sides=2).passed
    assert check_p_against_interval(wrong, p, sides=2).severity == "Error"
    assert p_box(wrong, sides=2) == pytest.approx((0.0074, 0.014), rel=0.05)


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [("0.46", "0.52", "0.79"), ("0.64", "0.25", "0.79"), ("0.64", "0.52", "0.97"), ("0.64", "0.41", "0.65")],
)
def test_digits_swapped_or_a_row_mixed_up_are_found(value: str, lower: str, upper: str) -> None:
    figures = interval(value, lower, upper, 95)
    assert not (check_interval_contains(figures, is_ratio=True).passed and check_ratio_symmetry(figures).passed)


def test_p_off_by_ten_is_an_error_and_off_by_little_a_warning() -> None:
    figures = interval("0.58", "0.42", "0.79", 95)  # implies 0.00041 to 0.0012
    assert check_p_against_interval(figures, parse_p("=0.006"), sides=2).severity == "Error"
    assert check_p_against_interval(figures, parse_p("=0.0020"), sides=2).severity == "Warning"
    assert check_p_against_interval(figures, parse_p("<0.0001"), sides=2).severity == "Error"


def test_significance_is_decided_only_where_the_digits_decide_it() -> None:
    excludes, contains, touches = (
        interval("0.80", "0.66", "0.97", 95),
        interval("0.90", "0.74", "1.09", 95),
        interval("0.82", "0.68", "1.00", 95),
    )
    assert check_significance(excludes, parse_p("=0.02"), sides=2).passed
    assert check_significance(excludes, parse_p("=0.2"), sides=2).severity == "Error"
    assert check_significance(contains, parse_p("=0.28"), sides=2).passed
    assert check_significance(contains, parse_p("<0.001"), sides=2).severity == "Error"
    assert check_significance(touches, parse_p("=0.05"), sides=2) is None
    assert check_significance(excludes, parse_p("=0.03"), sides=None) is None  # 0.06 if one-sided
    assert check_significance(interval("0.8", "0.7", "0.9", None), parse_p("=0.02"), sides=2) is None


def test_checks_that_need_a_level_are_silent_without_one() -> None:
    figures = interval("0.64", "0.52", "0.79", None)
    assert check_p_against_interval(figures, parse_p("=0.9"), sides=2) is None
    assert check_ratio_symmetry(figures).passed


def test_interval_must_be_in_order_and_positive_for_a_ratio() -> None:
    assert not check_interval_contains(interval("0.5", "0.6", "0.4", 95), is_ratio=True).passed
    assert not check_interval_contains(interval("0.5", "0.0", "0.9", 95), is_ratio=True).passed
    assert check_interval_contains(interval("-1.5", "-3.0", "0.0", 95), is_ratio=False).passed
    assert check_ratio_symmetry(interval("0.5", "0", "0.9", 95)) is None


def test_counts() -> None:
    assert check_count(351, 543).passed
    assert check_count(544, 543).severity == "Error"
    assert check_sum([272, 271], 543, complete=True).passed
    assert check_sum([272, 270], 543, complete=True).severity == "Error"
    assert check_sum([449, 90], 543, complete=False).severity == "Info"
    assert check_sum([449, 95], 543, complete=False).severity == "Error"


@pytest.mark.parametrize(
    ("percentage", "events", "denominator", "holds"),
    [
        ("84", 457, 543, True),
        ("65", 351, 543, True),
        ("83", 450, 543, True),
        ("60.7", 236, 389, True),
        ("84", 447, 543, False),
        ("0.5", 1, 200, True),
        ("12", 25, 200, True),
        ("13", 25, 200, True),
    ],
)
def test_percentage_against_its_counts(percentage: str, events: int, denominator: int, holds: bool) -> None:
    assert check_percentage(parse_number(percentage), events, denominator).passed is holds


def test_percentage_of_nobody_is_not_checked() -> None:
    assert check_percentage(parse_number("0"), 0, 0) is None


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
    assert check_direction(number("0.64"), number("23.8"), number("15.2")).passed
    assert check_direction(number("1.56"), number("23.8"), number("15.2")).severity == "Warning"
    assert check_direction(number("0.85"), number("15.2"), number("15.2")) is None
    assert check_direction(number("1.00"), number("15.2"), number("14.1")) is None


@settings(max_examples=400)
@given(
    ratio=st.floats(0.3, 3.0),
    error=st.floats(0.05, 0.4),
    level=st.sampled_from([90.0, 95.0, 96.02, 99.0]),
    sides=st.sampled_from([1, 2]),
)
def test_true_contrast_printed_at_two_decimals_passes(ratio: float, error: float, level: float, sides: int) -> None:
    """Whatever the ratio and its standard error, what is printed of them never fails C1 to C4."""
    z = NormalDist().inv_cdf(0.5 + level / 200)
    lower, upper = exp(log(ratio) - z * error), exp(log(ratio) + z * error)
    assume(lower > 0.05)
    figures = interval(f"{ratio:.2f}", f"{lower:.2f}", f"{upper:.2f}", level)
    p = erfc(abs(log(ratio)) / error / sqrt(2)) / (2 if sides == 1 else 1)
    printed = parse_p(f"={p:.4f}") if p >= 0.0001 else parse_p("<0.0001")
    assert check_ratio_symmetry(figures).passed
    assert check_p_against_interval(figures, printed, sides=sides).passed
    assert check_p_against_interval(figures, printed, sides=None).passed
    decided = check_significance(figures, printed, sides=sides)
    assert decided is None or decided.passed


@given(events=st.integers(0, 500), more=st.integers(1, 500), places=st.integers(0, 2))
def test_every_rounded_percentage_passes(events: int, more: int, places: int) -> None:
    denominator = events + more
    assert check_percentage(parse_number(f"{100 * events / denominator:.{places}f}"), events, denominator).passed
