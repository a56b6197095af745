"""C25 to C28: dates, and one value in several sources."""

from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.printed import parse_number
from equipoise.graph.statistics.readings import (
    are_transposed,
    check_dates_in_order,
    check_not_inverted,
    check_readings_agree,
    check_same_day,
    check_same_unit,
    check_unit,
)

number = parse_number


def test_swapped_digits_between_sources_are_named() -> None:
    """CARES-310: survival at 24 months in the sorafenib arm, as two news pages have it."""
    verdict = check_readings_agree(number("32.6"), number("36.2"))
    assert verdict.severity == "Warning"
    assert "swapped" in verdict.computed
    assert check_readings_agree(number("32.6"), number("33")).passed
    assert "swapped" not in check_readings_agree(number("32.6"), number("34.6")).computed


def test_unit_is_recognised() -> None:
    assert check_same_unit(number("23.8"), number("15.2")).passed
    assert "weeks" in check_same_unit(number("23.8"), number("103.4")).computed
    assert "fractions" in check_same_unit(number("49"), number("0.49")).computed
    assert check_same_unit(number("49"), number("0")) is None
    assert check_unit(number("49.0")).passed
    assert check_unit(number("0.49")).severity == "Warning"


def test_inverse_is_recognised() -> None:
    assert check_not_inverted(number("0.64"), number("1.56")).severity == "Warning"
    assert check_not_inverted(number("0.64"), number("0.62")).passed
    assert check_not_inverted(number("0.64"), number("1.00")) is None


def test_dates_go_forward_at_the_precision_they_have() -> None:
    dates = [("first randomised", "2019-06-28"), ("data cut-off", "2023-06-14"), ("published", "2023-06")]
    assert check_dates_in_order(dates).passed
    assert check_dates_in_order([*dates, ("published", "2022")]).severity == "Error"
    assert check_same_day("2019-06-28", "2019-06-28").passed
    assert check_same_day("2019-06-10", "2019-06-28").severity == "Info"


@given(st.integers(100, 9999), st.integers(0, 1))
def test_swapping_two_neighbours_is_always_recognised(digits: int, at: int) -> None:
    text = str(digits)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert are_transposed(text, swapped) is (text != swapped)


@given(st.floats(0.2, 0.94))
def test_ratio_and_its_inverse_are_always_recognised(ratio: float) -> None:
    assert check_not_inverted(number(f"{ratio:.2f}"), number(f"{1 / ratio:.2f}")).severity == "Warning"
