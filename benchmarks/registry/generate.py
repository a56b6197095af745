"""Made registry records in any number, built as real ones are: no text of theirs, the same fields, counts and shares.

In: how many, which share has results, a seed. Out: NDJSON packed with zstd; the same options give the same bytes. Each
record is made after the counts of one measured record, which it takes over as a whole, with some play; its values are
drawn from shares and quantiles of each field, and then made to agree with each other (`agreeing`).

    python benchmarks/registry/measure.py FOLDER_OF_REAL_RECORDS
    python benchmarks/registry/generate.py --records 100000 --results-share 0.13 --seed 1 FILE.ndjson.zst
    python benchmarks/registry/generate.py --changed 1000 --of FILE.ndjson.zst ANOTHER.ndjson.zst

The first is needed once. The last makes the next version of a made file: so many records say something else
(`changing`), and all of them have another date of the registry's data; with `--only-changed`, the others are left out.
"""

import argparse
import json
import multiprocessing
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import agreeing
import changing
import msgspec
from measure import DISTRIBUTIONS

from equipoise.graph.compression import zstd

PLACE = Path(__file__)
SYLLABLES = [
    *("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve"),
    *("ki", "no", "sel", "tor", "min", "cal", "dra", "fen"),
]
ENCODE = msgspec.json.Encoder().encode
DRUGS = re.findall(r"^drug:([a-z]+) ", (PLACE.parents[2] / "ontology" / "drugs.ttl").read_text("utf-8"), re.M)
DRUG_SHARE = 0.05
"""How many interventions are called as a drug of the vocabulary is."""
USUAL_DRUGS = 4
"""A few of these drugs are studied again and again, the others seldom: about so many make up most."""
FREE = "*"
AT_ONCE = 250
"""How many records a process makes before it hands them over."""
STAMP = re.compile(rb'"versionHolder":"(\d{4}-\d\d-\d\d)"')
"""Of which day the registry's data are."""
LATER = "2025-06-03"
"""The day of changes in a record that does not say it."""
SPREAD = (0.6, 1.4)
"""The lengths of texts, around that of the measured record."""
PLAY = (0.9, 1.1)
"""The lengths of longer lists, likewise."""


@dataclass
class Making:
    """One record while it is made: its chance, its number, the counts of the measured record that it is made after, and
    the groups of the module at hand.
    """

    chance: random.Random
    number: str
    lengths: dict[int, list[int]]
    there: dict[int, float]
    texts: dict[int, int]
    codes: dict[int, str]
    groups: int = 2
    at: list[int] = field(default_factory=lambda: [0])
    seen: dict[int, int] = field(default_factory=dict)

    def length(self, path: int) -> int:
        """The length of the next list of a field."""
        lengths = self.lengths.get(path)
        if not lengths:
            return 1
        place = self.seen.get(path, 0)
        self.seen[path] = place + 1
        length = lengths[place % len(lengths)]
        return round(length * self.chance.uniform(*PLAY)) if length > 4 else length


Make = Callable[[Making], Any]


def _words() -> str:
    chance = random.Random(0)
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(40_000))


WORDS = _words()


def words(chance: random.Random, size: int) -> str:
    """Words of so many letters in all."""
    start = chance.randrange(len(WORDS) - size) if size < len(WORDS) else 0
    return WORDS[start : start + size].strip() or "word"


class Maker:
    """Makes values of a shape; the paths of fields are numbers in the counts of a measured record."""

    def __init__(self, shape: dict[str, Any], paths: list[str]) -> None:
        self._numbers = {path: number for number, path in enumerate(paths)}
        self.make = self._maker(shape, "")

    def _maker(self, shape: dict[str, Any], path: str) -> Make:
        if "keys" in shape:
            return self._object(shape, path)
        if "items" in shape:
            return self._list(shape, path)
        if "true" in shape:
            return lambda making: making.chance.random() < shape["true"]
        if "whole" in shape:
            whole = _drawn(shape["whole"])
            return lambda making: round(whole(making.chance))
        if "real" in shape:
            real = _drawn(shape["real"])
            return lambda making: round(real(making.chance), 4)
        return self._text(shape, path) if "kinds" in shape else lambda _: {}

    def _object(self, shape: dict[str, Any], path: str) -> Make:
        parts = []
        for key, (share, below) in shape["keys"].items():
            inner = f"{path}.{key}" if path else key
            parts.append((key, None if share == 1 else self._numbers[inner], self._maker(below, inner)))
        names, rows = shape.get("together", ((), ()))
        weights = [row[-1] for row in rows]

        def values(making: Making) -> dict[str, Any]:
            chance = making.chance
            drawn = dict(zip(names, chance.choices(rows, weights)[0], strict=False)) if rows else {}
            made: dict[str, Any] = {}
            for key, number, make in parts:
                if key in drawn:
                    text = drawn[key]
                    if text is not None:
                        made[key] = words(chance, chance.randint(8, 40)) if text == FREE else text
                elif number is None or chance.random() < making.there.get(number, 0):
                    made[key] = make(making)
            return made

        return values

    def _list(self, shape: dict[str, Any], path: str) -> Make:
        number, make, name = self._numbers[path], self._maker(shape["items"], path), path.rpartition(".")[2]
        follows = "groupId" in shape["items"].get("keys", {})

        def values(making: Making) -> list[Any]:
            size = making.groups if follows else making.length(number)
            if name in ("groups", "eventGroups"):
                making.groups = size = max(size, 1)
            places: Any = range(size)
            if name == "groupIds":
                places = sorted(making.chance.sample(range(making.groups), min(size, making.groups)))
            made = []
            for place in places:
                making.at.append(place)
                made.append(make(making))
                making.at.pop()
            return made

        return values

    def _text(self, shape: dict[str, Any], path: str) -> Make:
        kinds, shares = list(shape["kinds"]), list(shape["kinds"].values())
        standard = shape.get("codes") or shape.get("terms") or {}
        terms, weights = list(standard), list(standard.values())
        number, name = _printed(shape) if "numbers" in shape else str, path.rpartition(".")[2]
        place, usual = self._numbers.get(path, -1), shape.get("text", 8)

        def text(making: Making) -> str:
            chance = making.chance
            if place in making.codes:
                return making.codes[place]
            match kinds[0] if len(kinds) == 1 else chance.choices(kinds, shares)[0]:
                case "code" | "term":
                    return str(chance.choices(terms, weights)[0])
                case "number":
                    return number(chance)
                case "group":
                    return f"{shape['group']}{making.at[-1]:03d}"
                case "date":
                    return f"{chance.randint(2004, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
                case "month":
                    return f"{chance.randint(2004, 2025)}-{chance.randint(1, 12):02d}"
                case "time":
                    return (
                        f"2025-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T12:{chance.randint(0, 59):02d}"
                    )
                case "mesh":
                    return f"D{chance.randrange(10**6):06d}"
                case "nct":
                    return making.number if name == "nctId" else f"NCT{chance.randrange(10**8):08d}"
            if name == "name" and chance.random() < DRUG_SHARE:
                return DRUGS[min(int(chance.expovariate(1 / USUAL_DRUGS)), len(DRUGS) - 1)]
            return words(chance, max(round(making.texts.get(place, usual) * chance.uniform(*SPREAD)), 2))

        return text


def _drawn(numbers: list[float]) -> Callable[[random.Random], float]:
    last = len(numbers) - 1

    def draw(chance: random.Random) -> float:
        place = chance.random() * last
        low = int(place)
        return numbers[low] + (numbers[min(low + 1, last)] - numbers[low]) * (place - low)

    return draw


def _printed(shape: dict[str, Any]) -> Callable[[random.Random], str]:
    number, decimals = _drawn(shape["numbers"]), _drawn(shape["decimals"])
    return lambda chance: f"{number(chance):.{round(decimals(chance))}f}"


@cache
def _measured() -> dict[str, Any]:
    if not DISTRIBUTIONS.exists():
        sys.exit(f"{DISTRIBUTIONS} is not there; measure real records first: {PLACE.with_name('measure.py')} FOLDER")
    measured: dict[str, Any] = json.loads(DISTRIBUTIONS.read_text("utf-8"))
    return measured


@cache
def _maker(kind: str) -> tuple[Maker, list[list[dict[int, Any]]]]:
    found = _measured()[kind]
    profiles = [[{int(path): some for path, some in part.items()} for part in one] for one in found["profiles"]]
    return Maker(found["shape"], found["paths"]), profiles


def record(place: int, results_share: float, seed: int) -> dict[str, Any]:
    """One made record."""
    chance = random.Random(seed * 1_000_003 + place)
    maker, profiles = _maker("with" if chance.random() < results_share else "without")
    study = maker.make(Making(chance, f"NCT{90_000_000 + place:08d}", *chance.choice(profiles)))
    agreeing.agree(study, chance, _measured()["agreement"])
    made: dict[str, Any] = study
    return made


def _some(given: tuple[range, float, int]) -> bytes:
    places, results_share, seed = given
    return b"".join(ENCODE(record(place, results_share, seed)) + b"\n" for place in places)


def records(count: int, *, results_share: float, seed: int) -> Iterator[bytes]:
    """Made records as lines of JSON, some at a time."""
    parts = [(range(start, min(start + AT_ONCE, count)), results_share, seed) for start in range(0, count, AT_ONCE)]
    if len(parts) == 1:
        yield _some(parts[0])
        return
    with multiprocessing.get_context("spawn").Pool() as pool:
        yield from pool.imap(_some, parts)


def changed(before: Path, count: int, *, seed: int) -> Iterator[tuple[bytes, bool]]:
    """The lines of a made file as a day later has them, and of each whether it says something else."""
    with zstd.open(before, "rb") as file:
        number = sum(1 for _ in file)
    chosen = set(random.Random(seed).sample(range(number), count))
    with zstd.open(before, "rb") as file:
        for place, line in enumerate(file):
            stamp = STAMP.search(line)
            day = date.fromisoformat(stamp[1].decode()) + timedelta(1) if stamp else date.fromisoformat(LATER)
            if place in chosen:
                study = json.loads(line)
                changing.change(study, random.Random(seed * 1_000_003 + place), day=day.isoformat())
                line = ENCODE(study) + b"\n"
            yield STAMP.sub(b'"versionHolder":"%b"' % day.isoformat().encode(), line), place in chosen


def main() -> None:
    """Write made records into a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--results-share", type=float, default=0.13)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", type=int, help="how many records of another file say something else")
    parser.add_argument("--of", type=Path, help="that file")
    parser.add_argument("--only-changed", action="store_true", help="leave out the others")
    given = parser.parse_args()
    if given.changed is None:
        lines = records(given.records, results_share=given.results_share, seed=given.seed)
    else:
        both = changed(given.of, given.changed, seed=given.seed)
        lines = (line for line, another in both if another or not given.only_changed)
    with zstd.open(given.file, "wb") as file:
        for some in lines:
            file.write(some)


if __name__ == "__main__":
    main()
