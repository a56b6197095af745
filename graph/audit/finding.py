"""A finding: the verdict of one check on one value."""

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.graph.statistics.verdict import Verdict

__all__ = ["Finding", "found"]


@dataclass(frozen=True)
class Finding:
    """The verdict of one check (`C2`) on one value, with the other values that entered it.

    `waiver` is the curator's reason where a failure is let stand.
    """

    about: str
    check: str
    verdict: Verdict
    inputs: tuple[str, ...] = ()
    waiver: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether a record with this finding is refused: an error, which no waiver lifts."""
        return self.verdict.severity == "Error"


def found(about: str, check: str, verdict: Verdict | None, *inputs: str) -> Iterator[Finding]:
    """The finding, if the check could be run."""
    if verdict is not None:
        yield Finding(about, check, verdict, tuple(sorted(inputs)))
