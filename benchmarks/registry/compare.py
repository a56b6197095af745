"""Compare made records with real ones: fields, leaves, bytes and figures.

python benchmarks/registry/compare.py REAL MADE       files or folders
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from equipoise.graph.registry.reading import RawRecord, read_records


def leaves(value: Any, path: str = "") -> Counter[str]:
    """How often each field has a value."""
    found: Counter[str] = Counter()
    if isinstance(value, dict):
        for key, below in value.items():
            found += leaves(below, f"{path}.{key}")
    elif isinstance(value, list):
        for below in value:
            found += leaves(below, path)
    else:
        found[path] += 1
    return found


def measured(place: str) -> tuple[dict[str, list[int]], set[str]]:
    """Bytes, leaves and figures of each record, and all fields."""
    columns: dict[str, list[int]] = {}
    fields: set[str] = set()
    for item in read_records([Path(place)]):
        assert isinstance(item, RawRecord), item
        study = json.loads(item.content)
        found = leaves(study)
        fields |= set(found)
        kind = "with results" if "resultsSection" in study else "without"
        figures = sum(number for path, number in found.items() if path.endswith((".value", ".numAffected")))
        for name, number in (("bytes", len(item.content)), ("leaves", found.total()), ("figures", figures)):
            columns.setdefault(f"{kind}: {name}", []).append(number)
    return columns, fields


def main() -> None:
    """Print the table."""
    (real, real_fields), (made, made_fields) = measured(sys.argv[1]), measured(sys.argv[2])
    print(f"fields: real {len(real_fields)}, made {len(made_fields)}, made only {len(made_fields - real_fields)}")
    for name in sorted(real):
        for kind, numbers in (("real", sorted(real[name])), ("made", sorted(made[name]))):
            steps = [numbers[round(share * (len(numbers) - 1))] for share in (0.1, 0.5, 0.9, 0.99)]
            mean = sum(numbers) / len(numbers)
            print(f"{name:24} {kind:5} mean {mean:10.0f}  p10 p50 p90 p99 " + " ".join(f"{step:9}" for step in steps))


if __name__ == "__main__":
    main()
