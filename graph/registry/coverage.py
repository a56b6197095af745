"""How much of registry records became statements: leaves before and after mapping, path by path, with reasons.

In: the leaves of studies before they are mapped, and of what is left of them. Out: a `Coverage`, whose counts can be
added to those of other processes, and a table of it. A leaf is a value that is neither an object nor a list.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from equipoise.graph.registry.schema import fields

__all__ = ["Coverage", "Left", "leaves"]

NOT_KNOWN = "not known"
NOT_MAPPED = "not mapped"


@dataclass(frozen=True)
class Left:
    """The leaves of one path that became no statement: their number, of how many, and why."""

    path: str
    count: int
    of: int
    reason: str


@dataclass
class Coverage:
    """Counts of leaves by path, over some records: how many there were, and how many are left."""

    records: int = 0
    before: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    def count(self, before: dict[str, int], left: dict[str, int]) -> None:
        """Count one record."""
        self.add(Coverage(1, before, left))

    def add(self, other: "Coverage") -> None:
        """Add the counts of other records to these."""
        self.records += other.records
        for mine, theirs in ((self.before, other.before), (self.left, other.left)):
            for path, count in theirs.items():
                mine[path] = mine.get(path, 0) + count

    @property
    def share(self) -> float:
        """The share of leaves that became statements, from 0 to 1; 1 where there are none."""
        total = sum(self.before.values())
        return 1 - sum(self.left.values()) / total if total else 1.0

    def paths_left(self) -> list[Left]:
        """Every path with leaves that became no statement, those without a reason first, then by number."""
        found = [Left(path, count, self.before.get(path, count), _reason(path)) for path, count in self.left.items()]
        return sorted(found, key=lambda left: (left.reason not in (NOT_MAPPED, NOT_KNOWN), -left.count, left.path))

    def by_reason(self) -> dict[str, int]:
        """How many leaves are left for each reason."""
        counts: Counter[str] = Counter()
        for left in self.paths_left():
            counts[left.reason] += left.count
        return dict(counts.most_common())

    def table(self) -> str:
        """The counts as lines of text."""
        return "\n".join(self._rows()) + "\n"

    def _rows(self) -> Iterator[str]:
        total, left = sum(self.before.values()), sum(self.left.values())
        yield f"records  {self.records}"
        yield f"leaves   {total}"
        yield f"stated   {total - left} ({self.share:.1%})"
        for reason, count in self.by_reason().items():
            yield f"left     {count} ({count / total:.1%}): {reason}"
        for path in self.paths_left():
            yield f"{path.count:>9} of {path.of:<9} {path.path}: {path.reason}"


def leaves(study: object) -> dict[str, int]:
    """How many leaves a study has on each path: `protocolSection.conditionsModule.conditions[]`."""
    counts: dict[str, int] = {}
    _count(study, "", counts)
    return counts


def _count(value: object, path: str, counts: dict[str, int]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _count(inner, f"{path}.{key}" if path else key, counts)
    elif isinstance(value, list):
        path += "[]"
        for inner in value:
            _count(inner, path, counts)
    else:
        counts[path] = counts.get(path, 0) + 1


def _reason(path: str) -> str:
    known = fields().get(path)
    return NOT_KNOWN if known is None else known.reason or NOT_MAPPED
