"""Build the quads of a trial's figures: estimates, safety and baseline estimates, and contrasts.

A row of the record gives one estimate for each arm; what stands in the row is repeated on each, so that a query finds
every property on the estimate itself.
"""

from equipoise.graph.printed import PrintedP
from equipoise.graph.quads import GraphBuilder
from equipoise.graph.record import ArmValue, ContrastRecord, EstimateRow, Row, SafetyRow
from equipoise.ontology.terms import Terms

__all__ = ["build_baseline", "build_contrasts", "build_estimates", "build_safety"]

FIGURES = ("value", "lower", "upper", "level", "timepoint", "events", "denominator")
"""The fields of an estimate that a place prints where it does not say otherwise."""


def build_estimates(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    """Build the estimates of outcomes."""
    for index, row in enumerate(builder.record.estimates):
        for arm in row.values_by_arm():
            label = _label(builder, terms, row, arm, terms.schemes["OutcomeScheme"][_outcome(builder, row)].label)
            iri = f"{trial}/estimate/{row.id}/{arm or 'overall'}"
            builder.thing(iri, "Estimate", label=label, path=("estimates", index))
            _describe_outcome(builder, trial, iri, row)
            _describe(builder, trial, iri, row, arm)


def build_safety(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    """Build the estimates of adverse events. A grade range or status stands on every estimate of a row."""
    for index, row in enumerate(builder.record.safety):
        for arm in row.values_by_arm():
            subject = f"{_attribution(terms, row)} {terms.schemes['AdverseEventScheme'][row.event].label}{_grades(row)}"
            iri = f"{trial}/safety/{row.id}/{arm or 'overall'}"
            builder.thing(
                iri, "SafetyEstimate", label=_label(builder, terms, row, arm, subject), path=("safety", index)
            )
            _describe_outcome(builder, trial, iri, row)
            _describe(builder, trial, iri, row, arm)
            builder.value(iri, "event", row.event)
            builder.value(iri, "attribution", row.attribution)
            builder.literal(iri, "gradeFrom", row.grade_from)
            builder.literal(iri, "gradeTo", row.grade_to)
            builder.value(iri, "reportingStatus", row.reporting_status)


def build_baseline(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    """Build the estimates of baseline characteristics."""
    for index, row in enumerate(builder.record.baseline):
        for arm in row.values_by_arm():
            subject = terms.schemes["VariableScheme"][row.characteristic].label
            if row.category:
                subject += f": {terms.schemes['CategoryScheme'][row.category].label}"
            iri = f"{trial}/baseline/{row.id}/{arm or 'overall'}"
            builder.thing(
                iri, "BaselineEstimate", label=_label(builder, terms, row, arm, subject), path=("baseline", index)
            )
            _describe(builder, trial, iri, row, arm)
            builder.value(iri, "characteristic", row.characteristic)
            builder.value(iri, "category", row.category)


def build_contrasts(builder: GraphBuilder, trial: str, terms: Terms) -> None:
    """Build the contrasts, target arm against reference arm."""
    arms = {arm.id: arm.label for arm in builder.record.arms}
    outcomes = {endpoint.id: endpoint.outcome for endpoint in builder.record.endpoints}
    for index, item in enumerate(builder.record.contrasts):
        measure = terms.schemes["EffectMeasureScheme"][item.measure].label
        outcome = terms.schemes["OutcomeScheme"][outcomes[item.endpoint]].label
        compared = f"{arms[item.target]} vs {arms[item.reference]}"
        label = f"{measure} for {outcome}{_group(builder, terms, item)}, {compared}{_analysis(builder, item)}"
        iri = builder.thing(f"{trial}/contrast/{item.id}", "Contrast", label=label, path=("contrasts", index))
        builder.link(iri, "trial", trial)
        builder.link(iri, "analysis", f"{trial}/analysis/{item.analysis}")
        builder.link(iri, "endpoint", f"{trial}/endpoint/{item.endpoint}")
        builder.value(iri, "outcome", outcomes[item.endpoint])
        builder.link(iri, "analysisSet", f"{trial}/analysis-set/{item.analysis_set}" if item.analysis_set else None)
        builder.link(iri, "targetArm", f"{trial}/arm/{item.target}")
        builder.link(iri, "referenceArm", f"{trial}/arm/{item.reference}")
        builder.value(iri, "effectMeasure", item.measure)
        builder.number(iri, "value", item.value)
        builder.number(iri, "lower", item.lower)
        builder.number(iri, "upper", item.upper)
        if item.lower or item.upper:
            builder.value(iri, "intervalKind", "ConfidenceInterval")
        builder.literal(iri, "level", item.level.decimal if item.level else None)
        _describe_p(builder, iri, item.p)
        builder.literal(iri, "pSides", item.p_sides)
        builder.value(iri, "method", item.method)
        builder.literal(iri, "stratified", item.stratified)
        builder.literal(iri, "events", item.events)
        builder.literal(iri, "targetEvents", item.target_events)
        builder.literal(iri, "referenceEvents", item.reference_events)
        if item.p_interaction:
            builder.literal(iri, "pInteraction", item.p_interaction.number.decimal)
            builder.literal(iri, "pInteractionPrinted", str(item.p_interaction))
        builder.number(iri, "noninferiorityMargin", item.noninferiority_margin)
        builder.literal(iri, "noninferior", item.noninferior)
        builder.remark(iri, item)
        names = ("value", "lower", "upper", "level", "p", "events", "target_events", "reference_events")
        builder.cite(iri, item.cited, [str(value) for name in names if (value := getattr(item, name)) is not None])


def _describe_p(builder: GraphBuilder, iri: str, p: PrintedP | None) -> None:
    if p:
        builder.literal(iri, "pValue", p.number.decimal)
        builder.literal(iri, "pComparator", p.comparator)
        builder.literal(iri, "pPrinted", str(p))


def _outcome(builder: GraphBuilder, row: EstimateRow) -> str:
    """The outcome of a row: its own, or its endpoint's."""
    return row.outcome or next(item.outcome for item in builder.record.endpoints if item.id == row.endpoint)


def _describe_outcome(builder: GraphBuilder, trial: str, iri: str, row: EstimateRow) -> None:
    builder.link(iri, "analysis", f"{trial}/analysis/{row.analysis}")
    builder.link(iri, "endpoint", f"{trial}/endpoint/{row.endpoint}" if row.endpoint else None)
    builder.value(iri, "outcome", _outcome(builder, row))
    builder.literal(iri, "timepoint", row.timepoint.decimal if row.timepoint else None)
    builder.value(iri, "intent", row.intent)
    builder.value(iri, "method", row.method)


def _describe(builder: GraphBuilder, trial: str, iri: str, row: Row, arm: str | None) -> None:
    """What every estimate has: its trial, arm, set, statistic, figures and places."""
    figures = row.values_by_arm()[arm]
    builder.link(iri, "trial", trial)
    builder.link(iri, "arm", f"{trial}/arm/{arm}" if arm else None)
    builder.link(iri, "analysisSet", f"{trial}/analysis-set/{row.analysis_set}" if row.analysis_set else None)
    builder.value(iri, "statistic", row.statistic)
    builder.number(iri, "value", figures.value)
    builder.number(iri, "lower", figures.lower)
    builder.number(iri, "upper", figures.upper)
    if figures.lower or figures.upper:
        builder.value(iri, "intervalKind", row.interval_kind or "ConfidenceInterval")
        builder.literal(iri, "level", row.level.decimal if row.level else None)
    builder.literal(iri, "unit", row.unit)
    builder.literal(iri, "events", figures.events)
    builder.literal(iri, "denominator", figures.denominator)
    builder.remark(iri, figures, row)
    builder.cite(iri, row.cited + figures.cited, _printed_figures(row, figures))


def _printed_figures(row: Row, figures: ArmValue) -> list[str]:
    values = {**row.cited_values(), **figures.cited_values()}
    return [str(values[name]) for name in FIGURES if values.get(name) is not None]


def _label(builder: GraphBuilder, terms: Terms, row: Row, arm: str | None, subject: str) -> str:
    """A name for an estimate, as one would say it: what, of what, in which arm, in which analysis."""
    words = [terms.schemes["StatisticScheme"][row.statistic].label if row.statistic else "", subject]
    timepoint = getattr(row, "timepoint", None)
    words += [f"at {timepoint} months"] if timepoint else []
    name = " ".join(word for word in words if word)
    group = next(item.label for item in builder.record.arms if item.id == arm) if arm else "all arms"
    analysis = _analysis(builder, row) if isinstance(row, EstimateRow) else ", baseline"
    return f"{name[0].upper()}{name[1:]}{_group(builder, terms, row)}, {group}{analysis}"


def _group(builder: GraphBuilder, terms: Terms, item: Row | ContrastRecord) -> str:
    """The subgroup that a figure is of, as a part of its name; nothing for a whole analysis set."""
    found = next((group for group in builder.record.analysis_sets if group.id == item.analysis_set), None)
    return f" in {terms.schemes['CategoryScheme'][found.category].label}" if found and found.category else ""


def _analysis(builder: GraphBuilder, item: EstimateRow | ContrastRecord) -> str:
    """The analysis that a figure comes from, as the end of its name."""
    label = next(analysis.label for analysis in builder.record.analyses if analysis.id == item.analysis)
    return f", {label[0].lower()}{label[1:]}"


def _attribution(terms: Terms, row: SafetyRow) -> str:
    return terms.schemes["AttributionScheme"][row.attribution].label


def _grades(row: SafetyRow) -> str:
    if row.grade_from is None:
        return ""
    if row.grade_to == row.grade_from:
        return f" of grade {row.grade_from}"
    return f" of grade {row.grade_from} to {row.grade_to}"
