"""A result that is cut after a number of rows, in every format and wherever its bytes are divided."""

import csv
import io
import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.store.output import ROW_FORMATS
from equipoise.graph.store.rows import ROW_STARTS, RowCounter, RowsExceeded

HARD = ['}},{"x":{', '"},"y":{', "},{", "{},{}", "<result>", "a\r\nb", '"', "\\", "", "\n", "]}}"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(HARD)
ROWS = st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS), max_size=6)
Row = tuple[str | None, str | None]


def term(text: str | None) -> str:
    return "UNDEF" if text is None else str(ox.Literal(text))


def written(rows: list[Row], name: str) -> bytes:
    """The rows as the engine writes them."""
    values = " ".join(f"({term(x)} {term(y)})" for x, y in rows)
    found = ox.Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    content = found.serialize(format=ROW_FORMATS[name])
    assert content is not None
    return content


def passed(content: bytes, name: str, *, rows: int, step: int) -> tuple[bytes, bool]:
    """What comes out when the bytes go in a few at a time, closed where it was cut, and whether it was."""
    counter, out = RowCounter(ROW_STARTS[name], rows), b""
    try:
        for start in range(0, len(content), step):
            out += counter.take(content[start : start + step])
    except RowsExceeded as exceeded:
        return out + exceeded.rest + (ROW_STARTS[name].close or b""), True
    return out + counter.rest(), False


def read(content: bytes, name: str) -> list[list[str]]:
    """The values of the rows, read by another parser than the one that cut them."""
    if name == "csv":
        return list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    if name == "srj":
        found = json.loads(content)["results"]["bindings"]
        return [[row[key]["value"] if key in row else "" for key in ("x", "y")] for row in found]
    solutions = ox.parse_query_results(content, format=ROW_FORMATS[name])
    assert isinstance(solutions, ox.QuerySolutions)
    return [[getattr(row[key], "value", "") for key in ("x", "y")] for row in solutions]


@pytest.mark.parametrize("name", ROW_STARTS)
@given(rows=ROWS, most=st.integers(1, 7), step=st.integers(1, 40))
def test_cut_result_holds_the_first_rows_and_whole_one_is_untouched(
    name: str, rows: list[Row], most: int, step: int
) -> None:
    content = written(rows, name)
    out, is_cut = passed(content, name, rows=most, step=step)
    assert is_cut == (len(rows) > most)
    if is_cut:
        assert read(out, name) == read(content, name)[:most]
    else:
        assert out == content


def test_cut_json_and_xml_say_so() -> None:
    rows: list[Row] = [("a", "b")] * 3
    assert json.loads(passed(written(rows, "srj"), "srj", rows=2, step=1000)[0])["truncated"] is True
    assert b"<!-- truncated" in passed(written(rows, "srx"), "srx", rows=2, step=1000)[0]


def test_rows_that_bind_nothing_are_counted_in_json() -> None:
    rows: list[Row] = [("1", None), (None, None), (None, None), ("2", None), (None, None)]
    for most in range(1, 5):
        out, is_cut = passed(written(rows, "srj"), "srj", rows=most, step=7)
        assert is_cut
        assert len(json.loads(out)["results"]["bindings"]) == most
