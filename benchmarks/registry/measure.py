"""Measure how registry records are built: shares, lengths and codes by field, never a text.

In: a folder of records. Out: `distributions.json`, for records without and with posted results.

    python benchmarks/registry/measure.py FOLDER
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

CODE = re.compile(r"[A-Z][A-Z0-9_]{2,}")
PATTERNS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "month": re.compile(r"\d{4}-\d\d"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"),
    "integer": re.compile(r"\d{1,9}"),
    "decimal": re.compile(r"-?\d+\.\d+"),
    "below": re.compile(r"<\s*0?\.\d+"),
    "group": re.compile(r"[A-Z]{2}\d{3}"),
    "mesh": re.compile(r"[A-Z]\d{4,9}"),
    "nct": re.compile(r"NCT\d{8}"),
}
MOST_CODES = 40
STEPS = 40

Shape = dict[str, Any]


def quantiles(numbers: list[float]) -> list[float]:
    """Numbers at equal steps from the least to the greatest."""
    ordered = sorted(numbers)
    return [ordered[round(step * (len(ordered) - 1) / STEPS)] for step in range(STEPS + 1)]


def shape_of(values: list[Any]) -> Shape:
    """How values of one field are built."""
    first = values[0]
    if isinstance(first, dict):
        keys = dict.fromkeys(key for value in values for key in value)
        found = {key: [value[key] for value in values if key in value] for key in keys}
        return {"keys": {key: [len(held) / len(values), shape_of(held)] for key, held in found.items()}}
    if isinstance(first, list):
        items = [item for value in values for item in value]
        return {"lengths": quantiles([len(value) for value in values]), "items": shape_of(items) if items else {}}
    if isinstance(first, bool):
        return {"true": sum(values) / len(values)}
    if isinstance(first, int | float):
        return {"whole" if all(isinstance(value, int) for value in values) else "real": quantiles(values)}
    return _shape_of_texts(values)


def _shape_of_texts(values: list[str]) -> Shape:
    kinds: dict[str, list[str]] = {}
    codes = all(CODE.fullmatch(value) for value in values) and len(set(values)) <= MOST_CODES
    for value in values:
        kind = next((name for name, pattern in PATTERNS.items() if pattern.fullmatch(value)), "text")
        kinds.setdefault("code" if codes and kind == "text" else kind, []).append(value)
    shape: Shape = {"kinds": {kind: len(held) / len(values) for kind, held in kinds.items()}}
    if "code" in kinds:
        held = kinds["code"]
        shape["codes"] = {code: held.count(code) / len(held) for code in sorted(set(held))}
    if "text" in kinds:
        shape["text"] = quantiles([len(value) for value in kinds["text"]])
    if "group" in kinds:
        shape["group"] = kinds["group"][0][:2]
    return shape


def main() -> None:
    """Measure a folder."""
    studies = [json.loads(path.read_bytes()) for path in sorted(Path(sys.argv[1]).glob("*.json"))]
    shapes = {
        name: shape_of([study for study in studies if ("resultsSection" in study) == held])
        for name, held in (("without", False), ("with", True))
    }
    place = Path(__file__).with_name("distributions.json")
    rounded = json.loads(json.dumps(shapes), parse_float=lambda text: round(float(text), 4))
    place.write_text(json.dumps(rounded, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
