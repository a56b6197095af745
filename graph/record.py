"""The curated record of one trial: what a YAML file may say, field by field.

Text comes in and is turned into values here, and nowhere else. Controlled values are checked against the vocabulary and
references against the names that the record itself declares, through the validation context (`Context`), so that every
fault of a record is found in one pass. What values must be to one another (a limit above an estimate, arms that add up)
is the business of the shapes and the statistical checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
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
    "AnalysisRecord",
    "AnalysisSetRecord",
    "ArmRecord",
    "ArmValue",
    "BaselineRow",
    "Cited",
    "ClaimRecord",
    "ComponentRecord",
    "Context",
    "ContrastRecord",
    "CriterionRecord",
    "EndpointRecord",
    "EstimateRow",
    "PassageRecord",
    "Place",
    "RegulatoryRecord",
    "SafetyRow",
    "SourceRecord",
    "Statement",
    "StratificationRecord",
    "TreatmentRuleRecord",
    "TrialRecord",
    "TrialStatements",
    "Waiver",
]


@dataclass(frozen=True)
class Context:
    """What validation needs besides the text: the vocabulary, and the names declared in the record by section."""

    terms: Terms
    names: Mapping[str, frozenset[str]]


def _context(info: ValidationInfo) -> Context:
    assert isinstance(info.context, Context)
    return info.context


def _in_scheme(*schemes: str) -> AfterValidator:
    """Accept the local name of a value in one of the schemes."""

    def check(name: str, info: ValidationInfo) -> str:
        terms = _context(info).terms
        if not any(terms.find(scheme, name) for scheme in schemes):
            allowed = [value for scheme in schemes for value in terms.names(scheme)]
            raise PydanticCustomError("unknown_value", "{allowed}", {"allowed": allowed_text(allowed, name)})
        return name

    return AfterValidator(check)


def _declared(*sections: str) -> AfterValidator:
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

ArmName = Annotated[str, _declared("arms")]
EndpointName = Annotated[str, _declared("endpoints")]
AnalysisName = Annotated[str, _declared("analyses")]
AnalysisSetName = Annotated[str, _declared("analysis_sets")]
SourceName = Annotated[str, _declared("sources")]
Outcome = Annotated[str, _in_scheme("OutcomeScheme")]
Variable = Annotated[str, _in_scheme("VariableScheme")]
Category = Annotated[str, _in_scheme("CategoryScheme")]
Relation = Annotated[str, _in_scheme("RelationScheme")]
Assessor = Annotated[str, _in_scheme("AssessorScheme")]
ResponseCriteria = Annotated[str, _in_scheme("ResponseCriteriaScheme")]
Statistic = Annotated[str, _in_scheme("StatisticScheme")]
IntervalKind = Annotated[str, _in_scheme("IntervalKindScheme")]
Intent = Annotated[str, _in_scheme("IntentScheme")]
Method = Annotated[str, _in_scheme("MethodScheme")]


class Model(BaseModel):
    """A part of a record: frozen, and without fields that nobody defined."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Place(Model):
    """One place that prints a value: a passage or a source, and what it prints where that is not all as recorded."""

    at: Annotated[str, _declared("passages", "sources")]
    prints: dict[str, str] | None = None


def _refuse(faults: list[str]) -> None:
    if faults:
        raise PydanticCustomError("contradiction", "{faults}", {"faults": "; ".join(faults)})


def _place_faults(values: Mapping[str, Any], places: tuple[Place, ...]) -> list[str]:
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


def _absence_faults(item: "Cited") -> list[str]:
    """What is named as not reported and is no field, or has a value after all."""
    values = item._values()
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

    def _values(self) -> dict[str, Any]:
        """The fields that a place can print, by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in Cited.model_fields}


class CitedItem(Cited):
    """A cited thing whose places print its own fields."""

    @model_validator(mode="after")
    def _places_agree(self) -> Self:
        _refuse(_place_faults(self._values(), self.cited) + _absence_faults(self))
        return self


class Statement(CitedItem, Generic[T]):
    """One value with the places where it was read."""

    value: T


class Curation(Model):
    """Who read the sources, and when the record was last changed."""

    curator: Text
    date: Date


class SourceRecord(Model):
    """A document. `text_sha256` is the hash of the plain text in which its passages were read, where it was at hand."""

    kind: Annotated[str, _in_scheme("SourceKindScheme")]
    title: Text
    publisher: Text | None = None
    part_of: SourceName | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    published: PartialDate | None = None
    text_sha256: Digest | None = None


class PassageRecord(Model):
    """A span of a source's text: code points from `start` up to `end`, and the SHA-256 of its characters in UTF-8."""

    source: SourceName
    section: Text
    start: Count
    end: Count
    sha256: Digest


class TrialStatements(Model):
    """What is said of the trial as a whole."""

    acronym: Statement[Text] | None = None
    title: Statement[Text]
    registry_id: Statement[Text] | None = None
    sponsor_study_id: Statement[Text] | None = None
    sponsor: Statement[Text] | None = None
    registry_status: Statement[Annotated[str, _in_scheme("RegistryStatusScheme")]] | None = None
    condition: Statement[Annotated[str, _in_scheme("ConditionScheme")]]
    line_of_therapy: Statement[Annotated[str, _in_scheme("LineOfTherapyScheme")]] | None = None
    phase: Statement[Annotated[str, _in_scheme("PhaseScheme")]] | None = None
    allocation: Statement[Annotated[str, _in_scheme("AllocationScheme")]] | None = None
    allocation_ratio: Statement[Annotated[str, Field(pattern=r"^\d+(:\d+)+$")]] | None = None
    masking: Statement[Annotated[str, _in_scheme("MaskingScheme")]] | None = None
    geographic_scope: Statement[Annotated[str, _in_scheme("GeographicScopeScheme")]] | None = None
    site_count: Statement[Count] | None = None
    country_count: Statement[Count] | None = None
    enrollment: Statement[Count] | None = None
    start_date: Statement[Date] | None = None
    first_randomised: Statement[Date] | None = None
    last_randomised: Statement[Date] | None = None
    reported_in: Statement[tuple[SourceName, ...]] | None = None


class ComponentRecord(CitedItem):
    """One drug as an arm receives it; `unit` is a UCUM code."""

    drug: DrugName
    dose: Number
    unit: Text
    route: Annotated[str, _in_scheme("RouteScheme")]
    frequency: Annotated[str, _in_scheme("FrequencyScheme")]


class ArmRecord(CitedItem):
    """An arm with its regimen."""

    id: Name
    label: Text
    role: Annotated[str, _in_scheme("ArmRoleScheme")]
    size: Count | None = None
    regimen: Annotated[tuple[ComponentRecord, ...], Field(min_length=1)]


class CriterionRecord(CitedItem):
    """An eligibility criterion, stated in our own words and in values."""

    id: Name
    polarity: Annotated[str, _in_scheme("PolarityScheme")]
    about: Variable
    relation: Relation
    value: Number | None = None
    unit: Text | None = None
    categories: tuple[Category, ...] = ()
    criteria: ResponseCriteria | None = None
    applies_to: tuple[Category, ...] = ()
    statement: Text


class StratificationLevelRecord(Model):
    """One level of a stratification factor: a category, or a relation to a value."""

    id: Name
    category: Category | None = None
    relation: Relation | None = None
    value: Number | None = None
    unit: Text | None = None


class StratificationRecord(CitedItem):
    """A stratification factor with its levels."""

    id: Name
    variable: Variable
    levels: Annotated[tuple[StratificationLevelRecord, ...], Field(min_length=2)]


class TreatmentRuleRecord(CitedItem):
    """How long treatment goes on, or when it may go on beyond an event."""

    id: Name
    kind: Annotated[str, _in_scheme("RuleKindScheme")]
    about: Annotated[tuple[Annotated[str, _in_scheme("RuleEventScheme")], ...], Field(min_length=1)]
    assessor: Assessor | None = None
    statement: Text


class EndpointRecord(CitedItem):
    """An outcome as the trial assesses it."""

    id: Name
    outcome: Outcome
    role: Annotated[str, _in_scheme("EndpointRoleScheme")]
    assessor: Assessor | None = None
    criteria: ResponseCriteria | None = None
    instruments: tuple[Annotated[str, _in_scheme("InstrumentScheme")], ...] = ()
    time_frame: Text | None = None


class AnalysisSetRecord(CitedItem):
    """Who is counted; a subgroup names its variable, its category and the set it was taken from."""

    id: Name
    kind: Annotated[str, _in_scheme("AnalysisSetKindScheme")]
    subset_of: AnalysisSetName | None = None
    variable: Variable | None = None
    category: Category | None = None
    size: Count | None = None


class AnalysisRecord(CitedItem):
    """One look at the data; `information_fraction` in percent of the planned events."""

    id: Name
    label: Text
    kind: Annotated[str, _in_scheme("AnalysisKindScheme")]
    primary_for: tuple[EndpointName, ...] = ()
    supersedes: tuple[AnalysisName, ...] = ()
    data_cutoff: Statement[Date] | None = None
    information_fraction: Statement[Number] | None = None


class ArmValue(Cited):
    """The figures of one arm, or of all arms together, in the unit of their row."""

    value: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    events: Count | None = None
    denominator: Count | None = None


class Row(Cited):
    """Figures of one quantity, arm beside arm; what stands in the row holds for each of them."""

    id: Name
    analysis_set: AnalysisSetName | None = None
    statistic: Statistic | None = None
    unit: Text | None = None
    level: Number | None = None
    interval_kind: IntervalKind | None = None
    by_arm: dict[ArmName, ArmValue] = {}
    overall: ArmValue | None = None

    def values_by_arm(self) -> dict[str | None, ArmValue]:
        """The figures by arm; those of all arms together under None."""
        figures: dict[str | None, ArmValue] = dict(self.by_arm.items())
        if self.overall:
            figures[None] = self.overall
        return figures

    @model_validator(mode="after")
    def _places_agree(self) -> Self:
        faults = _absence_faults(self)
        if not self.values_by_arm():
            faults.append("by_arm and overall are both missing; one of them must give figures")
        for arm, value in self.values_by_arm().items():
            values = {**self._values(), **value._values()}
            faults += [f"{arm or 'overall'}: {fault}" for fault in _place_faults(values, self.cited + value.cited)]
            faults += _absence_faults(value)
        _refuse(faults)
        return self


class EstimateRow(Row):
    """A quantity of an outcome; the outcome follows from the endpoint where it is not given. `timepoint` in months."""

    analysis: AnalysisName
    endpoint: EndpointName | None = None
    outcome: Outcome | None = None
    timepoint: Number | None = None
    intent: Intent | None = None
    method: Method | None = None

    @model_validator(mode="after")
    def _outcome_is_known(self) -> Self:
        _refuse([] if self.endpoint or self.outcome else ["endpoint and outcome are both missing; one must be given"])
        return self


class SafetyRow(EstimateRow):
    """A quantity of an adverse event."""

    event: Annotated[str, _in_scheme("AdverseEventScheme")]
    attribution: Annotated[str, _in_scheme("AttributionScheme")]
    grade_from: Grade | None = None
    grade_to: Grade | None = None
    reporting_status: Annotated[str, _in_scheme("ReportingStatusScheme")] = "ValueReported"


class BaselineRow(Row):
    """A quantity of a baseline characteristic."""

    characteristic: Variable
    category: Category | None = None


class ContrastRecord(CitedItem):
    """The target arm against the reference arm. `level` in percent; `p_sides` 1 or 2."""

    id: Name
    analysis: AnalysisName
    endpoint: EndpointName
    analysis_set: AnalysisSetName | None = None
    target: ArmName
    reference: ArmName
    measure: Annotated[str, _in_scheme("EffectMeasureScheme")]
    value: Number
    lower: Number | None = None
    upper: Number | None = None
    level: Number | None = None
    p: PNumber | None = None
    p_sides: Annotated[int, Field(ge=1, le=2)] | None = None
    method: Method | None = None
    stratified: bool | None = None
    events: Count | None = None


class ClaimRecord(CitedItem):
    """A statement of a source that is not a number, in our own words."""

    id: Name
    kind: Annotated[str, _in_scheme("ClaimKindScheme")]
    about: Annotated[tuple[Subject, ...], Field(min_length=1)]
    statement: Text


class RegulatoryRecord(CitedItem):
    """A dated step of an applicant or a regulator."""

    id: Name
    kind: Annotated[str, _in_scheme("RegulatoryActionKindScheme")]
    agency: Text
    drugs: Annotated[tuple[DrugName, ...], Field(min_length=1)]
    date: PartialDate | None = None
    statement: Text


class Waiver(Model):
    """The curator's reason for letting a warning stand: `about` is the path of the value, as in its IRI."""

    about: Text
    check: Annotated[str, _in_scheme("CheckScheme")]
    reason: Text


class TrialRecord(Model):
    """The record of one trial."""

    registry_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{5,40}$")]
    curation: Curation
    sources: dict[Name, SourceRecord]
    passages: dict[Name, PassageRecord] = {}
    trial: TrialStatements
    arms: Annotated[tuple[ArmRecord, ...], Field(min_length=1)]
    criteria: tuple[CriterionRecord, ...] = ()
    stratification: tuple[StratificationRecord, ...] = ()
    treatment_rules: tuple[TreatmentRuleRecord, ...] = ()
    endpoints: tuple[EndpointRecord, ...] = ()
    analysis_sets: tuple[AnalysisSetRecord, ...] = ()
    analyses: tuple[AnalysisRecord, ...] = ()
    estimates: tuple[EstimateRow, ...] = ()
    contrasts: tuple[ContrastRecord, ...] = ()
    safety: tuple[SafetyRow, ...] = ()
    baseline: tuple[BaselineRow, ...] = ()
    claims: tuple[ClaimRecord, ...] = ()
    regulatory: tuple[RegulatoryRecord, ...] = ()
    waivers: tuple[Waiver, ...] = ()


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
