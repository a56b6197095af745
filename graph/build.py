"""Build the quads of one trial from its curated record.

In: a `LoadedRecord`. Out: a `TrialGraph`, the quads of that trial's named graph in a fixed order, and for each thing
the part of the record it came from. Pure: no files, clock, network or random identifiers, so one record always gives
the same bytes. The figures (estimates, contrasts) are built by `graph.figures`, the
disagreements of sources by `graph.conflicts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.graph.conflicts import build_conflicts
from equipoise.graph.fields import CitedItem, RecordPath, Statement
from equipoise.graph.figures import build_baseline, build_contrasts, build_estimates, build_safety
from equipoise.graph.load import LoadedRecord
from equipoise.graph.quads import GraphBuilder, decimal_text, partial_date, property_name
from equipoise.graph.record import ArmRecord, ComponentRecord
from equipoise.ontology.errors import RecordError
from equipoise.ontology.iri import mint, slug, vocabulary_iri
from equipoise.ontology.rdf import typed
from equipoise.ontology.terms import Terms

__all__ = ["TrialGraph", "trial_graph"]


@dataclass(frozen=True)
class TrialGraph:
    """One trial's named graph: its IRI, its quads, and where in the record each thing stands."""

    iri: str
    trial: str
    quads: tuple[ox.Quad, ...]
    origins: Mapping[str, RecordPath]
    loaded: LoadedRecord

    def line(self, thing: str) -> int | None:
        """The line of the record on which a thing stands."""
        return self.loaded.line(self.origins[thing]) if thing in self.origins else None


def trial_graph(loaded: LoadedRecord, terms: Terms) -> TrialGraph:
    """Build the named graph of one trial. Raises RecordError if its conflicts are about nothing, or are none."""
    record = loaded.record
    graph = mint("graph", "trial", record.registry_id)
    trial = mint("trial", record.registry_id)
    builder = GraphBuilder(graph, record)
    _build_sources(builder)
    _build_trial(builder, trial)
    _build_arms(builder, trial, terms)
    _build_criteria(builder, trial)
    _build_stratification(builder, trial, terms)
    _build_treatment_rules(builder, trial)
    _build_endpoints(builder, trial, terms)
    _build_analysis_sets(builder, trial, terms)
    _build_analyses(builder, trial)
    build_estimates(builder, trial, terms)
    build_contrasts(builder, trial, terms)
    build_safety(builder, trial, terms)
    build_baseline(builder, trial, terms)
    _build_claims(builder, trial)
    _build_regulatory(builder, trial)
    faults = build_conflicts(builder, trial, terms)
    if faults:
        raise RecordError(loaded.name, [loaded.fault(*fault) for fault in faults])
    return TrialGraph(graph, trial, tuple(builder.quads()), builder.origins, loaded)


def _figures(item: CitedItem, *names: str) -> list[str]:
    """The text of those fields of an item that have a value: what its places print if they do not say."""
    return [str(value) for name in names if (value := getattr(item, name)) is not None]


def _build_sources(builder: GraphBuilder) -> None:
    for key, source in builder.record.sources.items():
        iri = builder.thing(mint("source", key), "Source", label=source.title, path=("sources", key))
        builder.value(iri, "sourceKind", source.kind)
        builder.literal(iri, "dcterms:title", source.title)
        builder.literal(iri, "dcterms:publisher", source.publisher)
        builder.link(iri, "partOf", mint("source", source.part_of) if source.part_of else None)
        if source.url:
            builder.literal(iri, "url", typed(source.url, "anyURI"))
        builder.literal(iri, "doi", source.doi)
        builder.literal(iri, "pmid", source.pmid)
        builder.literal(iri, "published", partial_date(source.published) if source.published else None)
        builder.literal(iri, "retrieved", source.retrieved)
        builder.literal(iri, "textHash", source.text_sha256)


VALUE_FIELDS: tuple[str, ...] = (
    "registry_status",
    "condition",
    "line_of_therapy",
    "phase",
    "allocation",
    "masking",
    "geographic_scope",
)
LITERAL_FIELDS: tuple[str, ...] = (
    "acronym",
    "registry_id",
    "sponsor_study_id",
    "allocation_ratio",
    "site_count",
    "country_count",
)
LITERAL_FIELDS += ("enrollment", "start_date", "first_randomised", "last_randomised")


def _build_trial(builder: GraphBuilder, trial: str) -> None:
    facts = builder.record.trial
    acronym = facts.acronym.value if facts.acronym else builder.record.registry_id
    builder.thing(trial, "Trial", label=acronym, path=("trial",))
    builder.literal(trial, "dcterms:title", facts.title.value)
    builder.cite_field(trial, "title", facts.title.cited, [])
    if facts.sponsor:
        builder.link(trial, "sponsor", _organization(builder, facts.sponsor.value, ("trial", "sponsor")))
        builder.cite_field(trial, "sponsor", facts.sponsor.cited, [facts.sponsor.value])
    for name in VALUE_FIELDS:
        statement: Statement[str] | None = getattr(facts, name)
        if statement:
            builder.value(trial, property_name(name), statement.value)
            builder.cite_field(trial, name, statement.cited, [])
    for name in LITERAL_FIELDS:
        fact = getattr(facts, name)
        if fact:
            builder.literal(trial, property_name(name), fact.value)
            builder.cite_field(trial, name, fact.cited, [str(fact.value)])
    if facts.reported_in:
        builder.link(trial, "reportedIn", *(mint("source", key) for key in facts.reported_in.value))
        builder.cite_field(trial, "reported_in", facts.reported_in.cited, [])


def _organization(builder: GraphBuilder, name: str, path: RecordPath) -> str:
    return builder.thing(mint("organization", slug(name)), "Organization", label=name, path=path)


def _build_arms(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    for index, arm in enumerate(builder.record.arms):
        iri = builder.part(trial, "hasArm", "Arm", f"arm/{arm.id}", label=arm.label, path=("arms", index))
        builder.value(iri, "role", arm.role)
        builder.literal(iri, "size", arm.size)
        builder.remark(iri, arm)
        builder.cite(iri, arm.cited, _figures(arm, "size"))
        builder.link(iri, "hasRegimen", _build_regimen(builder, iri, arm, index, terms))


def _build_regimen(builder: GraphBuilder, arm_iri: str, arm: ArmRecord, index: int, terms: Terms) -> str:
    """The regimen is named by its components, so that arms of different trials that receive the same share it."""
    parts = sorted((_component_name(part, terms), _component_label(part, terms)) for part in arm.regimen)
    name = "_".join(name for name, _ in parts)
    label = " + ".join(label for _, label in parts)
    regimen = builder.thing(mint("regimen", name), "Regimen", label=label, path=("arms", index, "regimen"))
    for position, part in enumerate(arm.regimen):
        component = builder.thing(
            mint("component", _component_name(part, terms)),
            "Component",
            label=_component_label(part, terms),
            path=("arms", index, "regimen", position),
        )
        builder.link(regimen, "hasComponent", component)
        builder.link(component, "drug", mint("drug", part.drug))
        builder.literal(component, "doseValue", part.dose.decimal)
        builder.literal(component, "doseUnit", part.unit)
        builder.value(component, "route", part.route)
        builder.value(component, "frequency", part.frequency)
        builder.cite_field(arm_iri, "has_component", part.cited, _figures(part, "dose", "unit"), part=part.drug)
    return regimen


def _component_name(part: ComponentRecord, terms: Terms) -> str:
    route, frequency = terms.schemes["RouteScheme"][part.route], terms.schemes["FrequencyScheme"][part.frequency]
    short = [(term.synonyms or (term.label,))[0] for term in (route, frequency)]
    return slug(f"{part.drug} {decimal_text(part.dose.decimal)} {part.unit} {' '.join(short)}")


def _component_label(part: ComponentRecord, terms: Terms) -> str:
    route, frequency = terms.schemes["RouteScheme"][part.route], terms.schemes["FrequencyScheme"][part.frequency]
    return f"{terms.drugs[part.drug].label} {part.dose.text} {part.unit} {route.label} {frequency.label}"


def _build_criteria(builder: GraphBuilder, trial: str) -> None:
    for index, item in enumerate(builder.record.criteria):
        iri = builder.part(
            trial, "hasCriterion", "Criterion", f"criterion/{item.id}", label=item.statement, path=("criteria", index)
        )
        builder.value(iri, "polarity", item.polarity)
        builder.value(iri, "about", item.about)
        builder.value(iri, "relation", item.relation)
        builder.number(iri, "value", item.value)
        builder.literal(iri, "unit", item.unit)
        builder.value(iri, "category", *item.categories)
        builder.value(iri, "responseCriteria", item.criteria)
        builder.value(iri, "appliesTo", *item.applies_to)
        builder.literal(iri, "statement", item.statement)
        builder.remark(iri, item)
        builder.cite(iri, item.cited, _figures(item, "value"))


def _build_stratification(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    for index, factor in enumerate(builder.record.stratification):
        path = ("stratification", index)
        variable = terms.schemes["VariableScheme"][factor.variable].label
        iri = builder.part(
            trial, "stratifiedBy", "StratificationFactor", f"stratification/{factor.id}", label=variable, path=path
        )
        builder.value(iri, "variable", factor.variable)
        builder.remark(iri, factor)
        builder.cite(iri, factor.cited, [])
        for position, level in enumerate(factor.levels):
            words = [terms.schemes["CategoryScheme"][level.category].label] if level.category else []
            words += [terms.schemes["RelationScheme"][level.relation].label] if level.relation else []
            words += [f"{level.value} {level.unit or ''}".strip()] if level.value else []
            level_iri = builder.thing(
                f"{iri}/{level.id}",
                "StratificationLevel",
                label=" ".join(words) or level.id,
                path=(*path, "levels", position),
            )
            builder.link(iri, "hasStratificationLevel", level_iri)
            builder.link(level_iri, "trial", trial)
            builder.value(level_iri, "category", level.category)
            builder.value(level_iri, "relation", level.relation)
            builder.number(level_iri, "value", level.value)
            builder.literal(level_iri, "unit", level.unit)
            builder.remark(level_iri, level)
            builder.cite(level_iri, level.cited, _figures(level, "value"))


def _build_treatment_rules(builder: GraphBuilder, trial: str) -> None:
    for index, rule in enumerate(builder.record.treatment_rules):
        path = ("treatment_rules", index)
        iri = builder.part(
            trial, "hasTreatmentRule", "TreatmentRule", f"treatment-rule/{rule.id}", label=rule.statement, path=path
        )
        builder.value(iri, "ruleKind", rule.kind)
        builder.value(iri, "about", *rule.about)
        builder.value(iri, "assessor", rule.assessor)
        builder.literal(iri, "statement", rule.statement)
        builder.remark(iri, rule)
        builder.cite(iri, rule.cited, [])


def _build_endpoints(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    for index, item in enumerate(builder.record.endpoints):
        outcome = terms.schemes["OutcomeScheme"][item.outcome].label
        assessor = f" by {terms.schemes['AssessorScheme'][item.assessor].label}" if item.assessor else ""
        iri = builder.part(
            trial, "hasEndpoint", "Endpoint", f"endpoint/{item.id}", label=outcome + assessor, path=("endpoints", index)
        )
        builder.value(iri, "outcome", item.outcome)
        builder.value(iri, "endpointRole", item.role)
        builder.value(iri, "assessor", item.assessor)
        builder.value(iri, "responseCriteria", item.criteria)
        builder.value(iri, "instrument", *item.instruments)
        builder.literal(iri, "timeFrame", item.time_frame)
        builder.remark(iri, item)
        builder.cite(iri, item.cited, [])


def _build_analysis_sets(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    for index, item in enumerate(builder.record.analysis_sets):
        kind = terms.schemes["AnalysisSetKindScheme"][item.kind].label
        label = f"{kind}: {terms.schemes['CategoryScheme'][item.category].label}" if item.category else kind
        iri = builder.part(
            trial,
            "hasAnalysisSet",
            "AnalysisSet",
            f"analysis-set/{item.id}",
            label=label,
            path=("analysis_sets", index),
        )
        builder.value(iri, "analysisSetKind", item.kind)
        builder.link(iri, "subsetOf", f"{trial}/analysis-set/{item.subset_of}" if item.subset_of else None)
        builder.value(iri, "variable", item.variable)
        builder.value(iri, "category", item.category)
        builder.literal(iri, "size", item.size)
        builder.remark(iri, item)
        builder.cite(iri, item.cited, _figures(item, "size"))


def _build_analyses(builder: GraphBuilder, trial: str) -> None:
    for index, item in enumerate(builder.record.analyses):
        iri = builder.part(
            trial, "hasAnalysis", "Analysis", f"analysis/{item.id}", label=item.label, path=("analyses", index)
        )
        builder.value(iri, "analysisKind", item.kind)
        builder.link(iri, "primaryFor", *(f"{trial}/endpoint/{name}" for name in item.primary_for))
        builder.link(iri, "supersedes", *(f"{trial}/analysis/{name}" for name in item.supersedes))
        builder.remark(iri, item)
        builder.cite(iri, item.cited, [])
        if item.data_cutoff:
            builder.literal(iri, "dataCutoff", item.data_cutoff.value)
            builder.cite_field(iri, "data_cutoff", item.data_cutoff.cited, [item.data_cutoff.value.isoformat()])
        if item.information_fraction:
            fraction = item.information_fraction.value
            builder.literal(iri, "informationFraction", fraction.decimal)
            builder.cite_field(iri, "information_fraction", item.information_fraction.cited, [fraction.text])


def _build_claims(builder: GraphBuilder, trial: str) -> None:
    for index, item in enumerate(builder.record.claims):
        iri = builder.part(trial, "hasClaim", "Claim", f"claim/{item.id}", label=item.statement, path=("claims", index))
        builder.value(iri, "claimKind", item.kind)
        builder.link(iri, "about", *(mint(name) if "/" in name else vocabulary_iri(name) for name in item.about))
        builder.literal(iri, "statement", item.statement)
        builder.remark(iri, item)
        builder.cite(iri, item.cited, [])


def _build_regulatory(builder: GraphBuilder, trial: str) -> None:
    for index, item in enumerate(builder.record.regulatory):
        path = ("regulatory", index)
        iri = builder.part(
            trial,
            "hasRegulatoryAction",
            "RegulatoryAction",
            f"regulatory-action/{item.id}",
            label=item.statement,
            path=path,
        )
        builder.value(iri, "actionKind", item.kind)
        builder.link(iri, "agency", _organization(builder, item.agency, (*path, "agency")))
        builder.link(iri, "drug", *(mint("drug", name) for name in item.drugs))
        builder.literal(iri, "actionDate", partial_date(item.date) if item.date else None)
        builder.literal(iri, "statement", item.statement)
        builder.remark(iri, item)
        builder.cite(iri, item.cited, _figures(item, "date"))
