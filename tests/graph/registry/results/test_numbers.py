"""Numbers as records print them: what is read, what is kept as text, what is never invented."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.numbers import read_number, state_count, state_number, state_p_value, whole

THING = "https://w3id.org/equipoise/trial/NCT00000001/registry/x"


def stated(text: str) -> list[str]:
    lines = RecordLines("NCT00000001")
    state_number(lines, THING, "value", text)
    return [triple.split("/vocab/", 1)[1] for triple in lines.triples()]


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("12", "12"),
        ("-0.80", "-0.80"),
        (".05", ".05"),
        ("-.7", "-.7"),
        ("80.", "80"),
        ("1,234", "1234"),
        ("12,345,678.5", "12345678.5"),
        ("5.5%", "5.5"),
        ("1.2E-3", "0.0012"),
        ("3 x 10^5", "300000"),
        ("−2.5", "-2.5"),
    ],
)
def test_number_is_read(text: str, decimal: str) -> None:
    number = read_number(text)
    assert number.decimal == Decimal(decimal)
    assert number.is_exact
    assert number.printed == text


@pytest.mark.parametrize("text", ["NA", "N/A", "Not Estimable", "NE", "NR", "-", "", "not reached"])
def test_absent_number_is_marked_and_keeps_its_text(text: str) -> None:
    assert read_number(text).is_absent
    assert stated(text) == ["notReported> <https://w3id.org/equipoise/vocab/value> ", f'valuePrinted> "{text}" ']


@pytest.mark.parametrize("text", ["1,5", "1,23,456", "about 5", "5 to 7", "1.2.3", "12 (3)", "١٢", "1e999", "--5"])
def test_what_is_no_number_with_certainty_stays_text(text: str) -> None:
    assert read_number(text).decimal is None
    assert stated(text) == ["notParsed> <https://w3id.org/equipoise/vocab/value> ", f'valuePrinted> "{text}" ']


@pytest.mark.parametrize("text", ["<0.5", "> 30", "≤5", "&lt;5", "&ge; 7"])
def test_bound_is_not_stated_as_a_value(text: str) -> None:
    assert not read_number(text).is_exact
    assert not [triple for triple in stated(text) if triple.startswith("value>")]


@pytest.mark.parametrize(
    ("text", "comparator", "number"),
    [
        ("<0.0001", "<", "0.0001"),
        ("&lt; 0.0001", "<", "0.0001"),
        ("= 0.4603", "=", "0.4603"),
        (".02", "=", "0.02"),
        ("<.001", "<", "0.001"),
        (">0.999", ">", "0.999"),
        ("≤0.05", "<=", "0.05"),
        ("p<0.05", "<", "0.05"),
    ],
)
def test_p_value_has_its_comparator(text: str, comparator: str, number: str) -> None:
    lines = RecordLines("NCT00000001")
    state_p_value(lines, THING, text)
    triples = "".join(lines.triples())
    assert f'/pComparator> "{comparator}" ' in triples
    assert f'/pValue> "{number}"^^' in triples
    assert f'/pPrinted> "{text}" ' in triples


def test_p_value_that_is_no_probability_stays_text() -> None:
    lines = RecordLines("NCT00000001")
    state_p_value(lines, THING, "1.7")
    assert "/notParsed> <https://w3id.org/equipoise/vocab/pValue>" in "".join(lines.triples())


def test_count_that_is_not_whole_stays_text() -> None:
    lines = RecordLines("NCT00000001")
    state_count(lines, THING, "size", "3.5")
    assert '/countPrinted> "3.5" ' in "".join(lines.triples())
    assert [whole(text) for text in ("12", "1,200", "3.5", "<5", "NA")] == [12, 1200, None, None, None]


@given(st.text(max_size=20))
def test_any_text_is_kept_as_printed(text: str) -> None:
    assert read_number(text).printed == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_decimal_equals_the_digits(number: Decimal) -> None:
    assert read_number(f"{number:f}").decimal == number
    assert read_number(f"{number:,.4f}").decimal == number
    assert read_number(f"&lt; {number:f}").comparator == "<"
