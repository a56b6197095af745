"""Made registry records in any number, built as real ones are: no text of theirs, the same fields, lengths and shares.

In: how many, which share has results, a seed. Out: NDJSON packed with zstd; the same options give the same bytes.

    python benchmarks/registry/generate.py --records 100000 --results-share 0.13 --seed 1 FILE.ndjson.zst
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SYLLABLES = [
    *("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve"),
    *("ki", "no", "sel", "tor", "min", "cal", "dra", "fen"),
]
GROUPS = ("groups", "eventGroups")
ENCODE = msgspec.json.Encoder().encode
DRUGS = re.findall(r"^drug:([a-z]+) ", (Path(__file__).parents[2] / "ontology" / "drugs.ttl").read_text("utf-8"), re.M)
DRUG_SHARE = 0.05


@dataclass
class Making:
    """One record while it is made: its chance, its number, and how many groups the module at hand has."""

    chance: random.Random
    number: str
    groups: int = 2
    at: list[int] = field(default_factory=lambda: [0])


Make = Callable[[Making], Any]


def _words() -> str:
    chance = random.Random(0)
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(40_000))


WORDS = _words()


def _drawn(numbers: list[float]) -> Callable[[random.Random], float]:
    last = len(numbers) - 1

    def draw(chance: random.Random) -> float:
        place = chance.random() * last
        low = int(place)
        return numbers[low] + (numbers[min(low + 1, last)] - numbers[low]) * (place - low)

    return draw


def maker(shape: dict[str, Any], name: str = "") -> Make:
    """What makes values of a shape."""
    if "keys" in shape:
        parts = [(key, share, maker(below, key)) for key, (share, below) in shape["keys"].items()]
        return lambda making: {key: make(making) for key, share, make in parts if making.chance.random() < share}
    if "lengths" in shape:
        return _list_maker(shape, name)
    if "true" in shape:
        return lambda making: making.chance.random() < shape["true"]
    if "whole" in shape:
        whole = _drawn(shape["whole"])
        return lambda making: round(whole(making.chance))
    if "real" in shape:
        real = _drawn(shape["real"])
        return lambda making: round(real(making.chance), 4)
    return _text_maker(shape, name) if "kinds" in shape else lambda _: {}


def _list_maker(shape: dict[str, Any], name: str) -> Make:
    length, make = _drawn(shape["lengths"]), maker(shape["items"], name)
    follows = "groupId" in shape["items"].get("keys", {})

    def values(making: Making) -> list[Any]:
        size = making.groups if follows else round(length(making.chance))
        if name in GROUPS:
            making.groups = size = max(size, 1)
        elif name == "groupIds":
            size = min(size, making.groups)
        made = []
        for place in range(size):
            making.at.append(place)
            made.append(make(making))
            making.at.pop()
        return made

    return values


def _text_maker(shape: dict[str, Any], name: str) -> Make:
    kinds, shares = list(shape["kinds"]), list(shape["kinds"].values())
    codes, weights = list(shape.get("codes", {})), list(shape.get("codes", {}).values())
    length = _drawn(shape.get("text", [8, 8]))

    def text(making: Making) -> str:
        chance = making.chance
        match kinds[0] if len(kinds) == 1 else chance.choices(kinds, shares)[0]:
            case "code":
                return str(chance.choices(codes, weights)[0])
            case "group":
                return f"{shape['group']}{making.at[-1]:03d}"
            case "date":
                return f"{chance.randint(2004, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
            case "month":
                return f"{chance.randint(2004, 2026)}-{chance.randint(1, 12):02d}"
            case "time":
                return f"2025-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T12:{chance.randint(0, 59):02d}"
            case "integer":
                return str(int(chance.expovariate(0.02)))
            case "decimal":
                return f"{chance.expovariate(0.05):.2f}"
            case "below":
                return "<0.001"
            case "mesh":
                return f"D{chance.randrange(10**6):06d}"
            case "nct":
                return making.number if name == "nctId" else f"NCT{chance.randrange(10**8):08d}"
        if name == "name" and chance.random() < DRUG_SHARE:
            return str(chance.choice(DRUGS))
        size = max(round(length(chance)), 1)
        start = chance.randrange(len(WORDS) - size) if size < len(WORDS) else 0
        return WORDS[start : start + size].strip() or "word"

    return text


def records(count: int, *, results_share: float, seed: int) -> Iterator[bytes]:
    """Made records as JSON, one after another."""
    shapes = json.loads(Path(__file__).with_name("distributions.json").read_text("utf-8"))
    makers = {name: maker(shape) for name, shape in shapes.items()}
    for place in range(count):
        chance = random.Random(seed * 1_000_003 + place)
        make = makers["with" if chance.random() < results_share else "without"]
        yield ENCODE(make(Making(chance, f"NCT{90_000_000 + place:08d}")))


def main() -> None:
    """Write made records into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--results-share", type=float, default=0.13)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with zstd.open(given.file, "wb") as file:
        for record in records(given.records, results_share=given.results_share, seed=given.seed):
            file.write(record + b"\n")


if __name__ == "__main__":
    main()
