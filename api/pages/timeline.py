"""What the timeline of a trial shows: the versions of its registry record, the newest first, each with what changed."""

from dataclasses import dataclass, field

from equipoise.api.pages.asked import Rows

__all__ = ["Version", "by_version"]


@dataclass
class Changed:
    """A property that changed: its name, the role of endpoints, what it was and what it is."""

    label: str
    role: str
    before: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)


@dataclass
class Version:
    """A version of a record, the one before it, and what changed in between."""

    now: str
    before: str
    changes: dict[str, Changed] = field(default_factory=dict)


def by_version(rows: Rows) -> list[Version]:
    """The rows of the question about a record's past, by version."""
    versions: dict[tuple[str, str], Version] = {}
    for row in rows:
        key = (row["version_now"], row["version_before"])
        version = versions.setdefault(key, Version(*key))
        change = version.changes.setdefault(row["change"], Changed(row["property_label"], row.get("role") or ""))
        for values, value in ((change.before, row.get("before")), (change.now, row.get("now"))):
            if value is not None and value not in values:
                values.append(value)
    return sorted(versions.values(), key=lambda version: (version.now, version.before), reverse=True)
