"""The part of a record that says where sources disagree: conflicts, and in each the readings that are not preferred.

Whether a conflict is about something, and its readings differ from the preferred value, is seen when the graph of the
trial is built, by `graph.conflicts`.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from equipoise.graph.fields import CitedItem, Model, Name, Text, refuse

__all__ = ["ConflictRecord", "ReadingRecord"]


class ReadingRecord(CitedItem):
    """What a source gives in place of a preferred value: as printed, as a controlled value, or in our own words."""

    id: Name
    value: Text | None = None
    statement: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = [name for name in ("value", "statement") if getattr(self, name) is not None]
        refuse([] if len(given) == 1 else [f"gives {' and '.join(given) or 'neither value nor statement'}; give one"])
        return self


class ConflictRecord(Model):
    """Sources that disagree about one property of a thing, whose preferred value stands elsewhere in the record.

    `about` is the path of the thing, as in its IRI, or `trial`; `property` is a property of the vocabulary.
    """

    id: Name
    about: Text
    property: Text
    readings: Annotated[tuple[ReadingRecord, ...], Field(min_length=1)]
    preferred_because: Text
