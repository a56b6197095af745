"""What the service writes about itself: one JSON object a line, with the time, what happened, and its parts.

Neither queries nor headers are in it, so neither is what somebody keeps secret. It is ASCII: what a client put into a
path, say a line separator or a control character, is escaped, and no reader of lines is misled.
"""

import json
from datetime import UTC, datetime
from typing import TextIO

__all__ = ["Log", "written_parts"]


class Log:
    """A log on a stream; without one, nothing is written."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def event(self, event: str, **parts: str | float | None) -> None:
        """Write a line; parts without a value are left out."""
        if self._stream is not None:
            self.repeat(written_parts(event=event, **parts))

    def repeat(self, written: str, **parts: str | float) -> None:
        """Write a line of parts that `written_parts` wrote once, and of those that differ every time."""
        if self._stream is not None:
            time = datetime.now(UTC).isoformat(timespec="milliseconds")
            differing = f", {written_parts(**parts)}" if parts else ""
            self._stream.write(f'{{"time": "{time}", {written}{differing}}}\n')
            self._stream.flush()


def written_parts(**parts: str | float | None) -> str:
    """Parts as they stand in a line; those without a value are left out."""
    return json.dumps({name: value for name, value in parts.items() if value is not None})[1:-1]
