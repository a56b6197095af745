"""Numbers as printed, and the rounding they stand for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.printed import parse_number, parse_p
from equipoise.graph.quads import decimal_text

PRINTED = st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "half"),
    [("0.80", "0.005"), ("38", "0.5"), ("49.0", "0.05"), (".0001", "0.00005"), ("one", "0"), ("100", "0.5")],
)
def test_half_a_unit_of_the_last_place(text: str, half: str) -> None:
    assert parse_number(text).half_unit == Decimal(half)
    assert str(parse_number(text)) == text


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("37.7", "38", True),
        ("24.8", "25", True),
        ("32.6", "33", True),
        ("32.6", "36.2", False),
        ("37.7", "37", False),
        ("one", "1", True),
    ],
)
def test_two_printings_agree_if_one_number_can_be_both(one: str, other: str, agree: bool) -> None:
    assert parse_number(one).agrees_with(parse_number(other)) is agree
    assert parse_number(other).agrees_with(parse_number(one)) is agree


@pytest.mark.parametrize("text", ["", "about one", "1,234", "1e5", "0.", "NaN", "<0.1", "--1", "thirteen"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number as printed"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "comparator", "number"), [("<0.0001", "<", "0.0001"), ("0.03", "=", "0.03"), ("<= .05", "<=", ".05")]
)
def test_p_value_has_a_comparator(text: str, comparator: str, number: str) -> None:
    p = parse_p(text)
    assert (p.comparator, p.number.text) == (comparator, number)


@pytest.mark.parametrize("text", ["1.2", "-0.1", "p", "", "<", "< <0.1"])
def test_what_is_no_p_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a"):
        parse_p(text)


@given(PRINTED, st.integers(min_value=0, max_value=3))
def test_number_agrees_with_every_rounding_of_itself(number: Decimal, places: int) -> None:
    rounded = round(number, places)
    assert parse_number(format(number, "f")).agrees_with(parse_number(format(rounded, "f")))


@given(PRINTED)
def test_shortest_text_is_the_same_number_without_idle_zeros(number: Decimal) -> None:
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "." not in text or not text.endswith("0")
