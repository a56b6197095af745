"""What the fields of a record are made of: text turned into values, and checked against vocabulary and record.

Controlled values are looked up in the vocabulary, and references among the names that the record itself declares,
by the validation context (`Context`), so that every fault of a record is found in one pass. A cited thing names the
places where it was read; what a place prints must agree with the value within the coarser rounding of the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from equipoise.graph.printed import PrintedNumber, PrintedP, parse_number, parse_p
from equipoise.ontology.terms import Terms, allowed_text

__all__ = [
    "AnalysisName",
    "AnalysisSetName",
    "ArmName",
    "Assessor",
    "Category",
    "Cited",
    "CitedItem",
    "Context",
    "Count",
    "Digest",
    "DrugName",
    "EndpointName",
    "Grade",
    "Intent",
    "IntervalKind",
    "Method",
    "Model",
    "Name",
    "Number",
    "Outcome",
    "PNumber",
    "PartialDate",
    "Place",
    "Places",
    "RecordPath",
    "Relation",
    "ResponseCriteria",
    "SourceName",
    "Statement",
    "Statistic",
    "Subject",
    "Text",
    "Variable",
    "absence_faults",
    "declared_names",
    "in_scheme",
    "place_faults",
    "refuse",
]


@dataclass(frozen=True)
class Context:
    """What validation needs besides the text: the vocabulary, and the names declared in the record by section."""

    terms: Terms
    names: Mapping[str, frozenset[str]]


def _context(info: ValidationInfo) -> Context:
    assert isinstance(info.context, Context)
    return info.context


def in_scheme(*schemes: str) -> AfterValidator:
    """Accept the local name of a value in one of the schemes."""

    def check(name: str, info: ValidationInfo) -> str:
        terms = _context(info).terms
        if not any(terms.find(scheme, name) for scheme in schemes):
            allowed = [value for scheme in schemes for value in terms.names(scheme)]
            raise PydanticCustomError("unknown_value", "{allowed}", {"allowed": allowed_text(allowed, name)})
        return name

    return AfterValidator(check)


def declared(*sections: str) -> AfterValidator:
    """Accept a name that one of the sections of this record declares."""

    def check(name: str, info: ValidationInfo) -> str:
        allowed = sorted(set().union(*(_context(info).names[section] for section in sections)))
        if name not in allowed:
            raise PydanticCustomError("unknown_reference", "{allowed}", {"allowed": allowed_text(allowed, name)})
        return name

    return AfterValidator(check)


def _known_drug(name: str, info: ValidationInfo) -> str:
    drugs = _context(info).terms.drugs
    if name not in drugs:
        raise PydanticCustomError("unknown_drug", "{allowed}", {"allowed": allowed_text(sorted(drugs), name)})
    return name


def _known_subject(name: str, info: ValidationInfo) -> str:
    """Accept what a claim may be about: a controlled value, or a drug written `drug/name`."""
    if name.startswith("drug/"):
        return "drug/" + _known_drug(name.removeprefix("drug/"), info)
    if _context(info).terms.concept(name) is None:
        raise PydanticCustomError("unknown_value", "must be a controlled value of the vocabulary, or drug/ and a name")
    return name


T = TypeVar("T")

RecordPath = tuple[str | int, ...]
"""Where in a record something stands: ("contrasts", 0, "upper")."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Grade = Annotated[int, Field(ge=1, le=5)]
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
Number = Annotated[PrintedNumber, PlainValidator(parse_number)]
PNumber = Annotated[PrintedP, PlainValidator(parse_p)]
Subject = Annotated[str, AfterValidator(_known_subject)]
DrugName = Annotated[str, AfterValidator(_known_drug)]

ArmName = Annotated[str, declared("arms")]
EndpointName = Annotated[str, declared("endpoints")]
AnalysisName = Annotated[str, declared("analyses")]
AnalysisSetName = Annotated[str, declared("analysis_sets")]
SourceName = Annotated[str, declared("sources")]
Outcome = Annotated[str, in_scheme("OutcomeScheme")]
Variable = Annotated[str, in_scheme("VariableScheme")]
Category = Annotated[str, in_scheme("CategoryScheme")]
Relation = Annotated[str, in_scheme("RelationScheme")]
Assessor = Annotated[str, in_scheme("AssessorScheme")]
ResponseCriteria = Annotated[str, in_scheme("ResponseCriteriaScheme")]
Statistic = Annotated[str, in_scheme("StatisticScheme")]
IntervalKind = Annotated[str, in_scheme("IntervalKindScheme")]
Intent = Annotated[str, in_scheme("IntentScheme")]
Method = Annotated[str, in_scheme("MethodScheme")]


class Model(BaseModel):
    """A part of a record: frozen, and without fields that nobody defined."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Place(Model):
    """One place that prints a value: a passage or a source, and what it prints where that is not all as recorded."""

    at: Annotated[str, declared("passages", "sources")]
    prints: dict[str, str] | None = None


def refuse(faults: list[str]) -> None:
    """Fail the validation of a part of a record if there are faults, with all of them."""
    if faults:
        raise PydanticCustomError("contradiction", "{faults}", {"faults": "; ".join(faults)})


def place_faults(values: Mapping[str, Any], places: tuple[Place, ...]) -> list[str]:
    """What places print that is not a field of the item, or disagrees with the item's value beyond rounding."""
    faults = []
    for place in places:
        for name, text in (place.prints or {}).items():
            if name not in values:
                faults.append(f"{place.at} prints {name}; {allowed_text(sorted(values), name)}")
            elif not _agrees(values[name], text):
                faults.append(f"{place.at} prints {name} as {text}, the value is {values[name]}; they must round alike")
    return faults


def _agrees(value: Any, text: str) -> bool:
    """Whether characters can stand for a value: numbers within the coarser rounding, counts exactly, words always."""
    try:
        match value:
            case PrintedNumber():
                return value.agrees_with(parse_number(text))
            case PrintedP():
                return value.agrees_with(parse_p(text))
            case bool():
                return True
            case int() if text.isdigit():
                return int(text) == value
            case None:
                return False
            case _:
                return True
    except ValueError:
        return False


def absence_faults(item: "Cited") -> list[str]:
    """What is named as not reported and is no field, or has a value after all."""
    values = item.cited_values()
    unknown = [name for name in item.not_reported if name not in values]
    present = [name for name in item.not_reported if values.get(name) not in (None, ())]
    return [f"not_reported names {name}; {allowed_text(sorted(values), name)}" for name in unknown] + [
        f"not_reported names {name}, which has a value; leave out one of the two" for name in present
    ]


Places = tuple[Annotated[Place, BeforeValidator(lambda item: {"at": item} if isinstance(item, str) else item)], ...]


class Cited(Model):
    """Something read in a source: with the places, what the sources leave out, and a note for the reader."""

    cited: Places = ()
    not_reported: tuple[str, ...] = ()
    note: Text | None = None

    def cited_values(self) -> dict[str, Any]:
        """The fields that a place can print, by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in Cited.model_fields}


class CitedItem(Cited):
    """A cited thing whose places print its own fields."""

    @model_validator(mode="after")
    def _places_agree(self) -> Self:
        refuse(place_faults(self.cited_values(), self.cited) + absence_faults(self))
        return self


class Statement(CitedItem, Generic[T]):
    """One value with the places where it was read."""

    value: T


def declared_names(tree: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The names that a record declares, by section, read from its text before it is validated."""
    names: dict[str, frozenset[str]] = {}
    for section in ("sources", "passages"):
        part = tree.get(section)
        names[section] = frozenset(part) if isinstance(part, Mapping) else frozenset()
    for section in ("arms", "endpoints", "analyses", "analysis_sets"):
        part = tree.get(section)
        items = part if isinstance(part, list) else []
        names[section] = frozenset(str(item["id"]) for item in items if isinstance(item, Mapping) and "id" in item)
    return names
