"""C11, C12, C19 and C20: parts and wholes."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from equipoise.graph.printed import parse_number, parse_p
from equipoise.graph.statistics.groups import check_bracket, check_interaction, check_nested, check_parts
from equipoise.graph.statistics.intervals import Interval


def ratio(value: float, error: float) -> Interval:
    """A ratio printed with its 95 % interval at two decimals, from its standard error on the log scale."""
    limits = (exp(log(value) + sign * norm.ppf(0.975) * error) for sign in (-1, 1))
    return Interval(parse_number(f"{value:.2f}"), *(parse_number(f"{limit:.2f}") for limit in limits), 95)


def interval(value: str, lower: str, upper: str) -> Interval:
    return Interval(parse_number(value), parse_number(lower), parse_number(upper), 95)


def test_responses_add_up() -> None:
    """HIMALAYA: 12 complete and 67 partial responses, 157 with stable disease, of 393."""
    parts = [parse_number(text) for text in ("12", "67", "157")]
    assert check_parts(parts, parse_number("236"), words="disease control").passed
    assert check_parts(parts, parse_number("263"), words="disease control").severity == "Error"
    percentages = [parse_number(text) for text in ("3.1", "17.0", "40.0")]
    assert check_parts(percentages, parse_number("60.1"), words="disease control").passed


def test_part_is_not_more_frequent_than_the_whole() -> None:
    assert check_nested(parse_number("17"), parse_number("57"), words="grades").passed
    assert check_nested(parse_number("57.4"), parse_number("57"), words="grades").passed
    assert check_nested(parse_number("58.1"), parse_number("57"), words="grades").severity == "Error"


def test_overall_ratio_outside_its_subgroups_is_a_warning() -> None:
    """CARES-310: progression-free survival in Asia and elsewhere, and in all."""
    regions = [interval("0.57", "0.46", "0.71"), interval("0.56", "0.33", "0.94")]
    verdict = check_bracket(interval("0.52", "0.41", "0.65"), regions)
    assert verdict.severity == "Warning"
    assert "pool to 0.569" in verdict.computed
    assert check_bracket(interval("0.57", "0.46", "0.70"), regions).passed


def test_overall_ratio_a_little_outside_passes() -> None:
    assert check_bracket(interval("0.55", "0.45", "0.68"), [interval("0.57", "0.46", "0.71")] * 2).passed


def test_interaction_follows_from_two_subgroups() -> None:
    """Altman and Bland's example (BMJ 2003;326:219) as ratios: z = -2.3 and p near 0.02 between 0.67 and 0.33."""
    one, other = interval("0.67", "0.46", "0.98"), interval("0.33", "0.20", "0.55")
    assert check_interaction(one, other, parse_p("=0.03")).passed
    assert check_interaction(one, other, parse_p("=0.5")).severity == "Warning"
    assert check_interaction(one, Interval(other.value, other.lower, other.upper), parse_p("=0.5")) is None


@given(
    values=st.lists(st.tuples(st.floats(0.3, 2.0), st.floats(0.08, 0.4)), min_size=2, max_size=4),
)
def test_pooled_ratio_never_lies_outside_its_subgroups(values: list[tuple[float, float]]) -> None:
    weights = [1 / error**2 for _, error in values]
    pooled = sum(w * log(value) for w, (value, _) in zip(weights, values, strict=True)) / sum(weights)
    overall = ratio(exp(pooled), 1 / sqrt(sum(weights)))
    assert check_bracket(overall, [ratio(*value) for value in values]).passed


@given(one=st.floats(0.3, 2.0), other=st.floats(0.3, 2.0), error=st.floats(0.08, 0.4))
def test_true_interaction_passes(one: float, other: float, error: float) -> None:
    p = 2 * norm.sf(abs(log(one / other)) / (error * sqrt(2)))
    printed = parse_p(f"={p:.4f}") if p >= 0.0001 else parse_p("<0.0001")
    assert check_interaction(ratio(one, error), ratio(other, error), printed).passed


def test_subgroup_without_a_level_is_not_pooled() -> None:
    bare = Interval(parse_number("0.57"), parse_number("0.46"), parse_number("0.71"))
    assert check_bracket(interval("0.52", "0.41", "0.65"), [bare, bare]) is None


def test_pooling_weighs_by_precision() -> None:
    precise, vague = ratio(0.5, 0.05), ratio(1.0, 0.5)
    verdict = check_bracket(ratio(0.5, 0.05), [precise, vague])
    pooled = float(verdict.computed.split("pool to ")[1].split(";")[0])
    assert pooled == pytest.approx(exp(log(0.5) * 400 / 404), abs=0.01)


def test_subgroup_that_is_no_ratio_is_not_pooled() -> None:
    overall = interval("0.52", "0.41", "0.65")
    for wrong in ("0.00", "-0.57"):
        assert check_bracket(overall, [interval(wrong, "0.46", "0.71"), interval("0.56", "0.33", "0.94")]) is None
