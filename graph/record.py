"""The curated record of one trial: what a YAML file may say, field by field.

Text comes in and is turned into values here, and nowhere else. What values must be to one another (a limit above an
estimate, arms that add up) is the business of the shapes and the statistical checks.
"""

from datetime import date as Date
from typing import Annotated, Self

from pydantic import Field, model_validator

from equipoise.graph.fields import (
    AnalysisName,
    AnalysisSetName,
    ArmName,
    Assessor,
    Category,
    Cited,
    CitedItem,
    Count,
    Digest,
    DrugName,
    EndpointName,
    Grade,
    Intent,
    IntervalKind,
    Method,
    Model,
    Name,
    Number,
    Outcome,
    PartialDate,
    PNumber,
    Relation,
    ResponseCriteria,
    SourceName,
    Statement,
    Statistic,
    Subject,
    Text,
    Variable,
    absence_faults,
    in_scheme,
    place_faults,
    refuse,
)
from equipoise.graph.readings import ConflictRecord

__all__ = [
    "AnalysisRecord",
    "AnalysisSetRecord",
    "ArmRecord",
    "ArmValue",
    "BaselineRow",
    "ClaimRecord",
    "ComponentRecord",
    "ContrastRecord",
    "CriterionRecord",
    "Curation",
    "EndpointRecord",
    "EstimateRow",
    "PassageRecord",
    "RegulatoryRecord",
    "Row",
    "SafetyRow",
    "SourceRecord",
    "StratificationLevelRecord",
    "StratificationRecord",
    "TreatmentRuleRecord",
    "TrialRecord",
    "TrialStatements",
    "Waiver",
]


class Curation(Model):
    """Who read the sources, and when the record was last changed."""

    curator: Text
    date: Date


class SourceRecord(Model):
    """A document; `retrieved` is the day on which a source that changes was read.

    `text_sha256` is the hash of the plain text in which its passages were read, where it was at hand.
    """

    kind: Annotated[str, in_scheme("SourceKindScheme")]
    title: Text
    publisher: Text | None = None
    part_of: SourceName | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    published: PartialDate | None = None
    retrieved: Date | None = None
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
    registry_status: Statement[Annotated[str, in_scheme("RegistryStatusScheme")]] | None = None
    condition: Statement[Annotated[str, in_scheme("ConditionScheme")]]
    line_of_therapy: Statement[Annotated[str, in_scheme("LineOfTherapyScheme")]] | None = None
    phase: Statement[Annotated[str, in_scheme("PhaseScheme")]] | None = None
    allocation: Statement[Annotated[str, in_scheme("AllocationScheme")]] | None = None
    allocation_ratio: Statement[Annotated[str, Field(pattern=r"^\d+(:\d+)+$")]] | None = None
    masking: Statement[Annotated[str, in_scheme("MaskingScheme")]] | None = None
    geographic_scope: Statement[Annotated[str, in_scheme("GeographicScopeScheme")]] | None = None
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
    route: Annotated[str, in_scheme("RouteScheme")]
    frequency: Annotated[str, in_scheme("FrequencyScheme")]


class ArmRecord(CitedItem):
    """An arm with its regimen."""

    id: Name
    label: Text
    role: Annotated[str, in_scheme("ArmRoleScheme")]
    size: Count | None = None
    regimen: Annotated[tuple[ComponentRecord, ...], Field(min_length=1)]


class CriterionRecord(CitedItem):
    """An eligibility criterion, stated in our own words and in values."""

    id: Name
    polarity: Annotated[str, in_scheme("PolarityScheme")]
    about: Variable
    relation: Relation
    value: Number | None = None
    unit: Text | None = None
    categories: tuple[Category, ...] = ()
    criteria: ResponseCriteria | None = None
    applies_to: tuple[Category, ...] = ()
    statement: Text


class StratificationLevelRecord(CitedItem):
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
    kind: Annotated[str, in_scheme("RuleKindScheme")]
    about: Annotated[tuple[Annotated[str, in_scheme("RuleEventScheme")], ...], Field(min_length=1)]
    assessor: Assessor | None = None
    statement: Text


class EndpointRecord(CitedItem):
    """An outcome as the trial assesses it."""

    id: Name
    outcome: Outcome
    role: Annotated[str, in_scheme("EndpointRoleScheme")]
    assessor: Assessor | None = None
    criteria: ResponseCriteria | None = None
    instruments: tuple[Annotated[str, in_scheme("InstrumentScheme")], ...] = ()
    time_frame: Text | None = None


class AnalysisSetRecord(CitedItem):
    """Who is counted; a subgroup names its variable, its category and the set it was taken from."""

    id: Name
    kind: Annotated[str, in_scheme("AnalysisSetKindScheme")]
    subset_of: AnalysisSetName | None = None
    variable: Variable | None = None
    category: Category | None = None
    size: Count | None = None


class AnalysisRecord(CitedItem):
    """One look at the data; `information_fraction` in percent of the planned events."""

    id: Name
    label: Text
    kind: Annotated[str, in_scheme("AnalysisKindScheme")]
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
    by_arm: dict[ArmName, ArmValue] = Field(default={})
    overall: ArmValue | None = None

    def values_by_arm(self) -> dict[str | None, ArmValue]:
        """The figures by arm; those of all arms together under None."""
        figures: dict[str | None, ArmValue] = dict(self.by_arm.items())
        if self.overall:
            figures[None] = self.overall
        return figures

    @model_validator(mode="after")
    def _places_agree(self) -> Self:
        faults = absence_faults(self)
        if not self.values_by_arm():
            faults.append("by_arm and overall are both missing; one of them must give figures")
        for arm, value in self.values_by_arm().items():
            values = {**self.cited_values(), **value.cited_values()}
            faults += [f"{arm or 'overall'}: {fault}" for fault in place_faults(values, self.cited + value.cited)]
            faults += absence_faults(value)
        refuse(faults)
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
        refuse([] if self.endpoint or self.outcome else ["endpoint and outcome are both missing; one must be given"])
        return self


class SafetyRow(EstimateRow):
    """A quantity of an adverse event."""

    event: Annotated[str, in_scheme("AdverseEventScheme")]
    attribution: Annotated[str, in_scheme("AttributionScheme")]
    grade_from: Grade | None = None
    grade_to: Grade | None = None
    reporting_status: Annotated[str, in_scheme("ReportingStatusScheme")] = "ValueReported"


class BaselineRow(Row):
    """A quantity of a baseline characteristic."""

    characteristic: Variable
    category: Category | None = None


class ContrastRecord(CitedItem):
    """The target arm against the reference arm. `level` in percent; `p_sides` 1 or 2.

    `events` are those of both arms; `p_interaction` is of a subgroup, `noninferior` what a source concludes.
    """

    id: Name
    analysis: AnalysisName
    endpoint: EndpointName
    analysis_set: AnalysisSetName | None = None
    target: ArmName
    reference: ArmName
    measure: Annotated[str, in_scheme("EffectMeasureScheme")]
    value: Number
    lower: Number | None = None
    upper: Number | None = None
    level: Number | None = None
    p: PNumber | None = None
    p_sides: Annotated[int, Field(ge=1, le=2)] | None = None
    method: Method | None = None
    stratified: bool | None = None
    events: Count | None = None
    target_events: Count | None = None
    reference_events: Count | None = None
    p_interaction: PNumber | None = None
    noninferiority_margin: Number | None = None
    noninferior: bool | None = None


class ClaimRecord(CitedItem):
    """A statement of a source that is not a number, in our own words."""

    id: Name
    kind: Annotated[str, in_scheme("ClaimKindScheme")]
    about: Annotated[tuple[Subject, ...], Field(min_length=1)]
    statement: Text


class RegulatoryRecord(CitedItem):
    """A dated step of an applicant or a regulator."""

    id: Name
    kind: Annotated[str, in_scheme("RegulatoryActionKindScheme")]
    agency: Text
    drugs: Annotated[tuple[DrugName, ...], Field(min_length=1)]
    date: PartialDate | None = None
    statement: Text


class Waiver(Model):
    """The curator's reason for letting a warning stand: `about` is the path of the value, as in its IRI."""

    about: Text
    check: Annotated[str, in_scheme("CheckScheme")]
    reason: Text


class TrialRecord(Model):
    """The record of one trial."""

    registry_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{5,40}$")]
    curation: Curation
    sources: dict[Name, SourceRecord]
    passages: dict[Name, PassageRecord] = Field(default={})
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
    conflicts: tuple[ConflictRecord, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @model_validator(mode="after")
    def _one_registration(self) -> Self:
        stated = self.trial.registry_id.value if self.trial.registry_id else self.registry_id
        refuse([] if stated == self.registry_id else [f"registry_id is {self.registry_id}, trial.registry_id {stated}"])
        return self
