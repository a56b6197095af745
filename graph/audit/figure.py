"""The figures of a store as the checks see them: estimates and contrasts with their printed digits.

In: an in-memory store. Out: a `Figure` for each estimate and contrast. They are read by SPARQL, so it does not matter
from what kind of record they came.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.printed import PrintedNumber, PrintedP, parse_number, parse_p
from equipoise.graph.statistics.intervals import Interval
from equipoise.ontology.iri import EQP

__all__ = ["Facts", "Figure", "build_figures", "load_figures", "rows_of"]

Row = dict[str, str]
Facts = Mapping[str, list[str]]
"""What is stated of one figure, by the local name of the property, as `figures.rq` has it."""


@dataclass(frozen=True)
class Figure:
    """An estimate or a contrast as the store holds it. Names are IRIs; what is not reported is None.

    `assessment` names the assessor and the response criteria of the endpoint. `arm` is the target arm of a contrast;
    `events` and `reference_events` are those of its two arms, `total_events` their sum. `level` and percentages are in
    percent, times in months.
    """

    iri: str
    trial: str
    analysis: str | None = None
    superseded: tuple[str, ...] = ()
    cutoff: str | None = None
    endpoint: str | None = None
    outcome: str | None = None
    assessment: str | None = None
    characteristic: str | None = None
    category: str | None = None
    analysis_set: str | None = None
    set_kind: str | None = None
    set_whole: str | None = None
    set_variable: str | None = None
    set_size: int | None = None
    arm: str | None = None
    arm_size: int | None = None
    reference: str | None = None
    reference_size: int | None = None
    measure: str | None = None
    measure_kind: str | None = None
    method: str | None = None
    statistic: str | None = None
    unit: str | None = None
    value: PrintedNumber | None = None
    lower: PrintedNumber | None = None
    upper: PrintedNumber | None = None
    interval_kind: str | None = None
    level: float | None = None
    timepoint: float | None = None
    p: PrintedP | None = None
    sides: int | None = None
    p_interaction: PrintedP | None = None
    margin: PrintedNumber | None = None
    noninferior: bool | None = None
    events: int | None = None
    reference_events: int | None = None
    total_events: int | None = None
    denominator: int | None = None
    event: str | None = None
    attribution: str | None = None
    grades: tuple[int, int] | None = None
    printed: tuple[str, ...] = ()

    @property
    def is_ratio(self) -> bool:
        """Whether the value compares two arms by dividing."""
        return self.measure_kind == EQP + "RatioMeasure"

    @property
    def is_difference(self) -> bool:
        """Whether the value compares two arms by subtracting."""
        return self.measure_kind == EQP + "DifferenceMeasure"

    @property
    def interval(self) -> Interval | None:
        """The value with its limits, where all three are reported."""
        if self.value and self.lower and self.upper:
            return Interval(self.value, self.lower, self.upper, self.level)
        return None

    @property
    def has_confidence_interval(self) -> bool:
        """Whether the limits are those of a confidence interval."""
        return self.interval is not None and self.interval_kind == EQP + "ConfidenceInterval"

    @property
    def quantity(self) -> tuple[object, ...]:
        """What two figures share that say the same thing of different arms, or of an arm and of all."""
        event = (self.event, self.attribution, self.grades, self.characteristic, self.category)
        return (*self.population, self.endpoint, self.outcome, self.statistic, self.unit, self.timepoint, *event)

    @property
    def population(self) -> tuple[str | None, ...]:
        """What two figures share that describe the same people at the same look at the data."""
        return (self.trial, self.analysis, self.analysis_set)


def load_figures(store: ox.Store) -> list[Figure]:
    """Every estimate and contrast of the store, by IRI."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows_of(store, "figures"):
        facts[row["figure"]][row["name"]].append(row["value"])
    return build_figures(facts)


def build_figures(facts: Mapping[str, Facts]) -> list[Figure]:
    """A figure for each IRI, from what is stated of it."""
    return _with_endpoints([_figure(iri, values) for iri, values in facts.items()])


def _with_endpoints(figures: list[Figure]) -> list[Figure]:
    """The figures; one without an endpoint has the only one of its trial that has its outcome, if there is one."""
    endpoints: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for figure in figures:
        if figure.endpoint:
            endpoints[figure.trial, figure.outcome].add(figure.endpoint)
    only = {key: next(iter(found)) for key, found in endpoints.items() if len(found) == 1}
    return [
        figure
        if figure.endpoint or not figure.outcome
        else replace(figure, endpoint=only.get((figure.trial, figure.outcome)))
        for figure in figures
    ]


def rows_of(store: ox.Store, name: str) -> Iterator[Row]:
    """The rows of a query beside this module, as text; unbound variables are left out."""
    text = (files("equipoise.graph.audit") / f"{name}.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        terms = {name: solution[name] for name in names}
        yield {name: term.value for name, term in terms.items() if isinstance(term, ox.NamedNode | ox.Literal)}


def _figure(iri: str, facts: Facts) -> Figure:
    def text(name: str) -> str | None:
        return facts[name][0] if name in facts else None

    def number(name: str) -> PrintedNumber | None:
        printed = f"{name}Printed"
        return _printed(facts[printed][0], facts[name][0]) if name in facts and printed in facts else None

    def p_value(name: str, printed: str) -> PrintedP | None:
        if name not in facts or printed not in facts:
            return None
        try:
            return parse_p(facts[printed][0])
        except ValueError:
            return PrintedP((text("pComparator") or "="), _printed(facts[printed][0], facts[name][0]))

    def whole(name: str) -> int | None:
        return int(facts[name][0]) if name in facts else None

    def real(name: str) -> float | None:
        return float(facts[name][0]) if name in facts else None

    is_contrast = "referenceArm" in facts
    return Figure(
        iri=iri,
        trial=facts["trial"][0],
        analysis=text("analysis"),
        superseded=tuple(facts.get("superseded", ())),
        cutoff=text("cutoff"),
        endpoint=text("endpoint"),
        outcome=text("outcome"),
        characteristic=text("characteristic"),
        category=text("category"),
        assessment=text("assessment"),
        analysis_set=text("analysisSet"),
        set_kind=text("setKind"),
        set_whole=text("setWhole"),
        set_variable=text("setVariable"),
        set_size=whole("setSize"),
        arm=text("targetArm") if is_contrast else text("arm"),
        arm_size=whole("armSize"),
        reference=text("referenceArm"),
        reference_size=whole("referenceSize"),
        measure=text("effectMeasure"),
        measure_kind=text("measureKind"),
        method=text("method"),
        statistic=text("statistic"),
        unit=text("unit"),
        value=number("value"),
        lower=number("lower"),
        upper=number("upper"),
        interval_kind=text("intervalKind"),
        level=real("level"),
        timepoint=real("timepoint"),
        p=p_value("pValue", "pPrinted"),
        sides=whole("pSides"),
        p_interaction=p_value("pInteraction", "pInteractionPrinted"),
        margin=number("noninferiorityMargin"),
        noninferior=text("noninferior") == "true" if "noninferior" in facts else None,
        events=whole("targetEvents" if is_contrast else "events"),
        reference_events=whole("referenceEvents"),
        total_events=whole("events") if is_contrast else None,
        denominator=whole("denominator"),
        event=text("event"),
        attribution=text("attribution"),
        grades=_grades(whole("gradeFrom"), whole("gradeTo")),
        printed=tuple(facts.get("printed", ())),
    )


def _printed(text: str, decimal: str) -> PrintedNumber:
    """A number as printed; where its text is not digits alone (`1,234`, `80.`), with the decimal stated beside it."""
    try:
        return parse_number(text)
    except ValueError:
        return PrintedNumber(text, Decimal(decimal))


def _grades(first: int | None, last: int | None) -> tuple[int, int] | None:
    return (first, last) if first is not None and last is not None else None
