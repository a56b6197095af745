"""What a check says of a value."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Severity", "Verdict", "judge"]

Severity = Literal["Error", "Warning", "Info"]


@dataclass(frozen=True)
class Verdict:
    """What a check found. `severity` is None exactly if the value passed.

    `derived_count` is the number of participants that a percentage can only stand for, where a check found it.
    """

    severity: Severity | None
    computed: str
    derived_count: int | None = None

    @property
    def passed(self) -> bool:
        """Whether the value obeys the rule."""
        return self.severity is None


def judge(holds: bool, severity: Severity, computed: str) -> Verdict:
    """A verdict that passes if the rule holds, and has the severity otherwise."""
    return Verdict(None if holds else severity, computed)
