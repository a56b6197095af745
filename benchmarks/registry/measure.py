"""Measure how registry records are built: shares, lengths and codes by field, and the counts of each record.

In: a folder of records. Out: `build/registry/distributions.json`, for records without and with posted results, of which
`generate` makes others. No text of a record is in it but the codes of the registry, and the short standard terms that
several records share (units, kinds of parameters, methods, organ systems, vocabularies, countries).

    python benchmarks/registry/measure.py FOLDER
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DISTRIBUTIONS = Path(__file__).parents[2] / "build" / "registry" / "distributions.json"
"""Where what was measured stands: it is made of records, so it is none of the project's files."""

CODE = re.compile(r"[A-Z][A-Z0-9_]+")
PATTERNS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "month": re.compile(r"\d{4}-\d\d"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"),
    "number": re.compile(r"-?\d{1,9}(\.\d+)?"),
    "group": re.compile(r"[A-Z]{2}\d{3}"),
    "mesh": re.compile(r"[A-Z]\d{4,9}"),
    "nct": re.compile(r"NCT\d{8}"),
}
MOST_CODES = 40
STEPS = 20
TERMS = {
    *("ciPctValue", "country", "dispersionType", "frequencyThreshold", "maximumAge", "minimumAge", "organSystem"),
    *("paramType", "pValue", "sourceVocabulary", "statisticalMethod", "type", "unitOfMeasure", "units", "value"),
}
"""The fields whose standard terms are kept, wherever they stand."""
TITLED = re.compile(r"resultsSection\.baselineCharacteristicsModule\.measures(\.classes(\.categories)?)?\.title")
MOST_TERMS, LONGEST_TERM, SHARED_BY = 60, 60, 3
"""How many terms of a field are kept, and of what length; and how many records share one at least."""
TOGETHER = {
    "resultsSection.baselineCharacteristicsModule.measures": ("title", "paramType", "dispersionType", "unitOfMeasure"),
    "resultsSection.outcomeMeasuresModule.outcomeMeasures": ("paramType", "dispersionType", "unitOfMeasure"),
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses": ("paramType", "statisticalMethod"),
}
"""Fields of one object whose values go together."""
DECISIVE = {"protocolSection.designModule.studyType"}
"""The codes on which it depends which fields a record has."""
MOST_LENGTHS = 120
"""How many lengths of lists of one field are kept."""
FREE = "*"
"""In their place: any text that is no standard term."""

Shape = dict[str, Any]
Held = list[tuple[int, Any]]
"""Values of one field, each with the number of its record."""


def quantiles(numbers: Iterable[float]) -> list[float]:
    """Numbers at equal steps from the least to the greatest."""
    ordered = sorted(numbers)
    return [ordered[round(step * (len(ordered) - 1) / STEPS)] for step in range(STEPS + 1)]


def shape_of(held: Held, path: str = "") -> Shape:
    """How values of one field are built."""
    first = held[0][1]
    if isinstance(first, dict):
        return _shape_of_objects(held, path)
    if isinstance(first, list):
        items = [(record, item) for record, value in held for item in value]
        return {"items": shape_of(items, path) if items else {}}
    values = [value for _, value in held]
    if isinstance(first, bool):
        return {"true": sum(values) / len(values)}
    if isinstance(first, int | float):
        return {"whole" if all(isinstance(value, int) for value in values) else "real": quantiles(values)}
    return _shape_of_texts(held, path)


def _shape_of_objects(held: Held, path: str) -> Shape:
    keys = dict.fromkeys(key for _, value in held for key in value)
    found = {key: [(record, value[key]) for record, value in held if key in value] for key in keys}
    below = {key: shape_of(some, f"{path}.{key}" if path else key) for key, some in found.items()}
    shape: Shape = {"keys": {key: [len(found[key]) / len(held), below[key]] for key in keys}}
    if path in TOGETHER:
        names = TOGETHER[path]
        standard = {name: set(below[name].get("terms", ())) | set(below[name].get("codes", ())) for name in names}
        rows = Counter(
            tuple(
                None if name not in value else value[name] if value[name] in standard[name] else FREE for name in names
            )
            for _, value in held
        )
        shape["together"] = [[*names], [[*row, number] for row, number in rows.most_common(120)]]
    return shape


def _standard(held: Held, path: str) -> set[str]:
    """The terms of a field that several records share."""
    if path.rpartition(".")[2] not in TERMS and not TITLED.fullmatch(path):
        return set()
    shared = Counter(
        text for _, text in set(held) if len(text) <= LONGEST_TERM and not PATTERNS["number"].fullmatch(text)
    )
    ordered = sorted(shared, key=lambda text: (-shared[text], text))[:MOST_TERMS]
    return {text for text in ordered if shared[text] >= SHARED_BY}


def _shape_of_texts(held: Held, path: str) -> Shape:
    values = [value for _, value in held]
    kinds: dict[str, list[str]] = {}
    codes = all(CODE.fullmatch(value) for value in values) and len(set(values)) <= MOST_CODES
    standard = set() if codes else _standard(held, path)
    for value in values:
        kind = next((name for name, pattern in PATTERNS.items() if pattern.fullmatch(value)), "text")
        if kind == "text":
            kind = "code" if codes else "term" if value in standard else "text"
        kinds.setdefault(kind, []).append(value)
    shape: Shape = {"kinds": {kind: len(some) / len(values) for kind, some in kinds.items()}}
    for kind, name in (("code", "codes"), ("term", "terms")):
        if some := kinds.get(kind):
            shape[name] = {text: number / len(some) for text, number in sorted(Counter(some).items())}
    if some := kinds.get("number"):
        shape["numbers"] = quantiles(map(float, some))
        shape["decimals"] = quantiles(len(text.partition(".")[2]) for text in some)
    if "text" in kinds:
        shape["text"] = sum(map(len, kinds["text"])) / len(kinds["text"])
    if "group" in kinds:
        shape["group"] = kinds["group"][0][:2]
    return shape


def _is_free(text: str, shape: Shape) -> bool:
    patterns = PATTERNS.values()
    return "text" in shape and text not in shape.get("terms", ()) and not any(one.fullmatch(text) for one in patterns)


def profile_of(value: Any, shape: Shape, paths: dict[str, int]) -> list[dict[int, Any]]:
    """The counts of one record: of each list the lengths as they follow each other, of each key that may be missing how
    often it is there, of each text how long it is, and the codes that decide which fields there are.
    """
    lengths: dict[int, list[int]] = {}
    there: dict[int, list[bool]] = {}
    texts: dict[int, list[int]] = {}
    codes: dict[int, str] = {}

    def walk(value: Any, shape: Shape, path: str) -> None:
        number = paths.setdefault(path, len(paths))
        if isinstance(value, dict):
            for key, (share, below) in shape["keys"].items():
                inner = f"{path}.{key}" if path else key
                if share < 1:
                    there.setdefault(paths.setdefault(inner, len(paths)), []).append(key in value)
                if key in value:
                    walk(value[key], below, inner)
        elif isinstance(value, list):
            lengths.setdefault(number, []).append(len(value))
            for item in value:
                walk(item, shape["items"], path)
        elif path in DECISIVE:
            codes[number] = value
        elif isinstance(value, str) and _is_free(value, shape):
            texts.setdefault(number, []).append(len(value))

    walk(value, shape, "")
    return [
        {number: [some[0]] if len(set(some)) == 1 else some[:MOST_LENGTHS] for number, some in lengths.items()},
        {number: round(sum(some) / len(some), 2) for number, some in there.items() if any(some)},
        {number: round(sum(some) / len(some)) for number, some in texts.items()},
        codes,
    ]


def agreement(studies: list[Any]) -> dict[str, float]:
    """How often a group of results is named as an arm is, and a measure of results as an outcome of the protocol."""
    groups, measures = list[bool](), list[bool]()
    for study in studies:
        protocol, results = study["protocolSection"], study["resultsSection"]
        arms = {arm["label"] for arm in protocol.get("armsInterventionsModule", {}).get("armGroups", ())}
        outcomes = {one["measure"] for some in protocol.get("outcomesModule", {}).values() for one in some}
        for measure in results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
            measures.append(measure["title"] in outcomes)
            groups += [group["title"] in arms for group in measure.get("groups", ())]
    return {"groups": sum(groups) / len(groups), "measures": sum(measures) / len(measures)}


def measure(folder: Path, place: Path) -> None:
    """Measure the records of a folder, and write what was found."""
    studies = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    found: dict[str, Any] = {}
    for name, held in (("without", False), ("with", True)):
        some = [study for study in studies if ("resultsSection" in study) == held]
        paths: dict[str, int] = {}
        shape = shape_of(list(enumerate(some)))
        profiles = [profile_of(study, shape, paths) for study in some]
        found[name] = {"shape": shape, "paths": list(paths), "profiles": profiles}
    found["agreement"] = agreement([study for study in studies if "resultsSection" in study])
    rounded = json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 4))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(rounded, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    measure(Path(sys.argv[1]), DISTRIBUTIONS)
