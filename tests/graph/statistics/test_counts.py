"""C6 to C10 and C24: counts, percentages, their intervals and what is made of them.

ORIENT-32's responses are those of its publication (Lancet Oncol 2021;22:977), with exact intervals.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from equipoise.graph.printed import parse_number
from equipoise.graph.statistics.counts import (
    Comparison,
    check_allocation,
    check_comparison,
    check_count,
    check_percentage,
    check_percentage_is_possible,
    check_proportion_interval,
    check_sum,
    check_whole,
    possible_counts,
)
from equipoise.graph.statistics.intervals import Interval


def interval(value: str, lower: str, upper: str) -> Interval:
    return Interval(parse_number(value), parse_number(lower), parse_number(upper), 95)


def test_counts() -> None:
    assert check_count(351, 543).passed
    assert check_count(544, 543).severity == "Error"
    assert check_sum([272, 271], 543).passed
    assert check_sum([272, 270], 543).severity == "Error"
    assert check_sum([449, 90], 543, short="Info").severity == "Info"
    assert check_sum([449, 95], 543, short="Info").severity == "Error"
    assert check_whole(parse_number("236"), 389).passed
    assert check_whole(parse_number("23.6"), 389).severity == "Error"  # as one table prints the 236 of HIMALAYA
    assert check_whole(parse_number("-3"), None).severity == "Error"
    assert check_whole(parse_number("390"), 389).severity == "Error"


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


@given(events=st.integers(0, 500), more=st.integers(1, 500), places=st.integers(0, 2))
def test_every_rounded_percentage_passes(events: int, more: int, places: int) -> None:
    denominator = events + more
    assert check_percentage(parse_number(f"{100 * events / denominator:.{places}f}"), events, denominator).passed


def test_allocation_that_is_unlikely_is_remarked() -> None:
    assert check_allocation([272, 271], [1, 1]).passed
    assert check_allocation([336, 165], [2, 1]).passed
    assert check_allocation([165, 336], [2, 1]).passed  # the record need not keep the order of the ratio
    assert check_allocation([336, 165], [1, 1]).severity == "Info"
    assert check_allocation([393, 389, 389], [1, 1, 1]).passed
    assert check_allocation([393, 389, 250], [1, 1, 1]).severity == "Info"


def test_percentage_without_a_count_is_possible_or_not() -> None:
    several = check_percentage_is_possible(parse_number("38"), 272)
    assert several.passed and several.derived_count is None
    assert several.computed.startswith("102 to 104")
    only = check_percentage_is_possible(parse_number("25.4"), 272)
    assert only.derived_count == 69
    assert check_percentage_is_possible(parse_number("25.2"), 272).severity == "Error"
    assert check_percentage_is_possible(parse_number("25.2"), 0) is None


@pytest.mark.parametrize(
    ("value", "lower", "upper", "events", "total", "method"),
    [("20.3", "16.3", "24.8", 74, 364, "Clopper-Pearson"), ("4.1", "1.7", "8.2", 7, 172, "Clopper-Pearson")],
)
def test_published_interval_of_a_proportion_is_recognised(
    value: str, lower: str, upper: str, events: int, total: int, method: str
) -> None:
    verdict = check_proportion_interval(interval(value, lower, upper), [events], total)
    assert verdict.passed
    assert verdict.computed.startswith(method)


def test_interval_of_another_proportion_is_a_warning() -> None:
    assert check_proportion_interval(interval("20.3", "16.3", "28.4"), [74], 364).severity == "Warning"
    assert check_proportion_interval(interval("20.3", "16.3", "24.8"), [], 364) is None


@given(data=st.data(), total=st.integers(1, 900), places=st.integers(0, 2))
def test_percentage_of_any_count_is_possible_and_its_exact_interval_recognised(
    data: st.DataObject, total: int, places: int
) -> None:
    events = data.draw(st.integers(0, total))
    printed = parse_number(f"{100 * events / total:.{places}f}")
    assert events in possible_counts(printed, total)
    assert check_percentage_is_possible(printed, total).passed
    limits = binomtest(events, total).proportion_ci(0.95)
    figures = interval(printed.text, f"{100 * limits.low:.{places}f}", f"{100 * limits.high:.{places}f}")
    assert check_proportion_interval(figures, possible_counts(printed, total), total).passed


def test_comparisons_of_two_counts() -> None:
    """Newcombe's own example (Stat Med 1998;17:873, table II): 56/70 against 48/80, method 10."""
    difference = interval("20.0", "5.24", "33.39")
    arms = ((56, 70), (48, 80))
    assert check_comparison(difference, difference.value, "RiskDifference", arms=arms).passed
    others = interval("20.0", "5.2", "34.3")
    assert check_comparison(others, others.value, "RiskDifference", arms=arms).severity == "Warning"
    assert check_comparison(None, parse_number("1.33"), "RiskRatio", arms=arms).passed
    assert check_comparison(None, parse_number("0.75"), "RiskRatio", arms=arms).severity == "Error"
    assert check_comparison(None, parse_number("2.67"), "OddsRatio", arms=arms).passed
    assert check_comparison(interval("2.67", "1.28", "5.57"), parse_number("2.67"), "OddsRatio", arms=arms).passed
    assert check_comparison(None, parse_number("2.67"), "OddsRatio", arms=((0, 70), (48, 80))) is None


@given(
    events=st.integers(0, 400),
    total=st.integers(0, 300),
    other=st.integers(0, 400),
    others=st.integers(0, 300),
    digits=st.decimals(-1000, 1000, places=1),
    measure=st.sampled_from(["RiskDifference", "RiskRatio", "OddsRatio"]),
)
def test_no_count_however_wrong_stops_the_audit(
    events: int, total: int, other: int, others: int, digits: Decimal, measure: Comparison
) -> None:
    printed = parse_number(f"{digits}")
    figures = Interval(printed, printed, printed, 95)
    for verdict in (
        check_count(events, total),
        check_whole(printed, total),
        check_percentage(printed, events, total),
        check_percentage_is_possible(printed, total),
        check_proportion_interval(figures, [events], total),
        check_proportion_interval(figures, possible_counts(printed, total), total),
        check_comparison(figures, printed, measure, arms=((events, total), (other, others))),
        check_allocation([events + 1, other + 1], [1, 2]),
    ):
        assert verdict is None or verdict.computed
