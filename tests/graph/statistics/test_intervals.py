"""C1 to C5 and C23: published contrasts that are right, corrupted ones that are not, and rules for all.

The published figures: IMbrave150 (NEJM 2020;382:1894), HIMALAYA (NEJM Evid 2022), ORIENT-32, CheckMate 214 and
CARES-310, as their abstracts print them. The p values that each interval implies were worked out apart from this code.
"""

from decimal import Decimal
from math import erfc, exp, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.graph.printed import parse_number, parse_p
from equipoise.graph.statistics.intervals import (
    Interval,
    check_difference_symmetry,
    check_interval_contains,
    check_noninferiority,
    check_p_against_interval,
    check_ratio_symmetry,
    check_significance,
    check_width_against_events,
    p_box,
)

GOLDEN = [
    # value, lower, upper, level, p, sides, least and greatest implied p
    pytest.param("0.64", "0.52", "0.79", 95, "<0.0001", 1, 4.8e-6, 3.8e-5, id="CARES-310 OS final"),
    pytest.param("0.62", "0.49", "0.80", 95, "<0.0001", 1, 2.9e-5, 1.4e-4, id="CARES-310 OS interim"),
    pytest.param("0.52", "0.41", "0.65", 95, "<0.0001", 1, 1.83e-9, 7.44e-8, id="CARES-310 PFS primary"),
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
    assert not check_interval_contains(interval("0.5", "-0.1", "0.9", 95), is_ratio=True).passed
    assert check_interval_contains(interval("0.05", "0.00", "0.40", 95), is_ratio=True).passed  # 0.00 can be 0.004
    assert check_interval_contains(interval("0.1", "0.1", "0.1", 95), is_ratio=True).passed
    assert not check_interval_contains(interval("0.95", "0.60", "0.94", 95), is_ratio=True).passed
    assert check_interval_contains(interval("0.64", "0.52", "0.6", 95), is_ratio=True).passed  # 0.6 can be 0.649
    assert check_interval_contains(interval("-1.5", "-3.0", "0.0", 95), is_ratio=False).passed
    assert check_ratio_symmetry(interval("0.5", "0", "0.9", 95)) is None


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


@pytest.mark.parametrize(
    ("value", "lower", "upper", "level", "events", "ratio"),
    [
        pytest.param("0.64", "0.52", "0.79", 95, 351, 0.999, id="CARES-310 OS final"),
        pytest.param("0.57", "0.43", "0.75", 95, (122, 87), 1.011, id="ORIENT-32 OS"),
        pytest.param("0.63", "0.44", "0.89", 99.8, (140, 188), 1.021, id="CheckMate 214 OS"),
    ],
)
def test_published_interval_is_as_wide_as_its_events_make_it(
    value: str, lower: str, upper: str, level: float, events: tuple[int, int] | int, ratio: float
) -> None:
    verdict = check_width_against_events(interval(value, lower, upper, level), events)
    assert verdict.passed
    low, high = map(float, verdict.computed.split(" from ")[1].split(" to "))
    assert low < ratio < high


def test_level_lost_events_halved_and_doubled_are_found_by_the_width() -> None:
    """CheckMate 214 OS: the interval of 99.8 % stored as one of 95 %, and its control arm's deaths halved."""
    assert check_width_against_events(interval("0.63", "0.44", "0.89", 95), (140, 188)).severity == "Error"
    right = interval("0.63", "0.44", "0.89", 99.8)
    assert check_width_against_events(right, (140, 50)).severity == "Error"
    assert check_width_against_events(right, (190, 240)).severity == "Warning"
    assert check_width_against_events(right, (0, 188)) is None
    assert check_width_against_events(interval("0.63", "0.44", "0.89", None), (140, 188)) is None


def test_difference_lies_in_the_middle_of_its_limits() -> None:
    assert check_difference_symmetry(interval("-3.1", "-5.2", "-1.0", 95)).passed
    assert check_difference_symmetry(interval("-1.3", "-5.2", "-1.0", 95)).severity == "Warning"


def test_noninferiority_is_concluded_on_the_good_side_of_the_margin_only() -> None:
    margin = parse_number("1.08")
    good, bad = interval("0.86", "0.73", "1.03", 95), interval("0.86", "0.73", "1.13", 95)
    assert check_noninferiority(good, margin, no_effect=1, concluded=True).passed
    assert check_noninferiority(bad, margin, no_effect=1, concluded=True).severity == "Error"
    assert check_noninferiority(bad, margin, no_effect=1, concluded=False).passed
    assert check_noninferiority(interval("0.86", "0.73", "1.08", 95), margin, no_effect=1, concluded=False) is None
    response, below = interval("10.0", "2.2", "17.7", 95), parse_number("-10")
    assert check_noninferiority(response, below, no_effect=0, concluded=True).passed
    assert check_noninferiority(response, below, no_effect=0, concluded=False).severity == "Error"


def test_one_sided_p_of_a_difference_against_the_direction_tested_passes() -> None:
    figures = interval("1.15", "0.91", "1.45", 95)  # z = 1.18
    assert check_p_against_interval(figures, parse_p("=0.88"), sides=1).passed
    assert check_p_against_interval(figures, parse_p("=0.12"), sides=1).passed
    assert check_p_against_interval(figures, parse_p("=0.88"), sides=2).severity == "Error"
    assert check_p_against_interval(figures, parse_p("=0.98"), sides=1).severity == "Error"


def test_threshold_of_p_is_exact() -> None:
    assert check_significance(interval("0.80", "0.66", "0.97", 95), parse_p(">0.05"), sides=2).severity == "Warning"
    assert check_significance(interval("0.80", "0.66", "0.97", 90), parse_p("<0.1"), sides=2).passed


def test_wide_interval_of_a_strong_effect_is_only_remarked() -> None:
    assert check_width_against_events(interval("0.20", "0.11", "0.37", 95), (40, 60)).severity == "Info"
    assert check_width_against_events(interval("0.70", "0.38", "1.29", 95), (40, 60)).severity == "Error"
    assert check_width_against_events(interval("0.20", "0.16", "0.25", 95), (40, 60)).severity == "Error"


@given(st.lists(st.decimals(-99, 99, places=2), min_size=3, max_size=3), st.sampled_from([1, 2, None]))
def test_no_interval_however_wrong_stops_the_audit(digits: list[Decimal], sides: int | None) -> None:
    figures = Interval(*(parse_number(f"{number}") for number in digits), 95)
    for verdict in (
        check_interval_contains(figures, is_ratio=True),
        check_ratio_symmetry(figures),
        check_difference_symmetry(figures),
        check_p_against_interval(figures, parse_p("=0.03"), sides=sides),
        check_significance(figures, parse_p("<0.05"), sides=sides),
        check_width_against_events(figures, (12, 30)),
        check_noninferiority(figures, parse_number("1.08"), no_effect=1, concluded=True),
    ):
        assert verdict is None or verdict.computed


def test_skew_methods_are_only_remarked() -> None:
    assert check_ratio_symmetry(interval("0.64", "0.41", "0.65", 95), "Info").severity == "Info"


@given(ratio=st.floats(0.3, 2.0), target=st.integers(20, 600), reference=st.integers(20, 600))
def test_interval_made_from_its_events_passes(ratio: float, target: int, reference: int) -> None:
    margin = NormalDist().inv_cdf(0.975) * sqrt(1 / target + 1 / reference)
    lower, upper = exp(log(ratio) - margin), exp(log(ratio) + margin)
    assume(lower > 0.05)
    figures = interval(f"{ratio:.2f}", f"{lower:.2f}", f"{upper:.2f}", 95)
    assert check_width_against_events(figures, (target, reference)).passed
