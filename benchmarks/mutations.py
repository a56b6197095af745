"""What share of corruptions the self-audit finds, and how often it is alarmed by what is sound.

    python benchmarks/mutations.py [CONTRASTS]

Makes contrasts as a Cox model would give them, prints them as a paper would, corrupts each in one way after another,
and runs the checks that a release runs. An alarm is a finding of severity error or warning.
Prints a Markdown table. The made contrasts: hazard ratios from 0.5 to 1.1, evenly on the log scale; 100 to 600
events, divided between two arms of one size as the ratio has it; standard errors 0.99 to 1.03 times that of the events;
medians whose log ratio scatters about the hazard ratio with 1.2 times its standard error and correlates 0.7 with it;
a second source that rounds alike. So the shares are only as good as these assumptions.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from scipy.special import ndtr, ndtri

from equipoise.graph.audit.curves import check_curves
from equipoise.graph.audit.figure import Figure
from equipoise.graph.audit.finding import Finding
from equipoise.graph.audit.readings import Reading, check_readings
from equipoise.graph.audit.single import check_each
from equipoise.graph.printed import PrintedNumber, parse_number, parse_p
from equipoise.ontology.iri import EQP

SEED = 310
ALARMS = ("Error", "Warning")


@dataclass(frozen=True)
class Case:
    """A contrast with value, limits, p and events as stored, the medians of its arms, and a second source's value."""

    contrast: Figure
    medians: tuple[Figure, Figure]
    reading: PrintedNumber
    level: float


def made(chance: random.Random, level: float = 95.0) -> Case:
    """One sound contrast; `level` of its interval in percent."""
    ratio = exp(chance.uniform(log(0.5), log(1.1)))
    events = chance.randint(100, 600)
    target = round(events * sqrt(ratio) / (1 + sqrt(ratio)))
    error = sqrt(1 / target + 1 / (events - target)) * chance.uniform(0.99, 1.03)
    shift = chance.gauss(0, 1)
    estimate = exp(log(ratio) + shift * error)
    margin = float(ndtri(0.5 + level / 200)) * error
    limits = [number(estimate * exp(sign * margin)) for sign in (-1, 1)]
    p = 2 * float(ndtr(-abs(log(estimate)) / error))
    contrast = Figure(
        iri="contrast", trial="trial", analysis="final", outcome=EQP + "OverallSurvival", arm="one", reference="other",
        measure=EQP + "HazardRatio", measure_kind=EQP + "RatioMeasure", interval_kind=EQP + "ConfidenceInterval",
        value=number(estimate), lower=limits[0], upper=limits[1], level=level,
        p=parse_p("<0.0001" if p < 0.0001 else f"={p:.2g}" if p >= 0.001 else f"={p:.5f}"), sides=2,
        events=target, reference_events=events - target,
    )  # fmt: skip
    reference = chance.uniform(4, 24)
    gap = log(ratio) + 1.2 * error * (0.7 * shift + sqrt(1 - 0.49) * chance.gauss(0, 1))
    medians = (median("one", reference * exp(-gap)), median("other", reference))
    return Case(contrast, medians, number(estimate), level)


def number(value: float, places: int = 2) -> PrintedNumber:
    """A number as a paper prints it."""
    return parse_number(f"{value:.{places}f}")


def median(arm: str, months: float) -> Figure:
    """The median survival of an arm, printed to a tenth of a month."""
    return Figure(
        iri=f"median of {arm}", trial="trial", analysis="final", outcome=EQP + "OverallSurvival", arm=arm,
        statistic=EQP + "Median", unit="mo", value=number(months, 1),
    )  # fmt: skip


def swapped(printed: PrintedNumber | None) -> PrintedNumber | None:
    """The number with its last two digits swapped; None where they are alike."""
    text = str(printed)
    other = text[:-2] + text[-1] + text[-2]
    return parse_number(other) if other != text else None


def digit_changed(printed: PrintedNumber | None, chance: random.Random) -> PrintedNumber:
    """The number with one of its decimals replaced by another digit."""
    text = str(printed)
    at = chance.choice([len(text) - 1, len(text) - 2])
    return parse_number(
        text[:at] + chance.choice([digit for digit in "0123456789" if digit != text[at]]) + text[at + 1 :]
    )


def inverse(contrast: Figure) -> Figure:
    """The contrast the other way round, its events still with their arms."""
    assert contrast.value and contrast.lower and contrast.upper
    value, lower, upper = (number(1 / float(part.decimal)) for part in (contrast.value, contrast.upper, contrast.lower))
    return replace(contrast, value=value, lower=lower, upper=upper)


Mutation = Callable[[Case, Case, random.Random], Figure | None]
"""The corrupted contrast of a case, given another case and chance; None where the case has nothing to corrupt."""


def _part(name: str, change: Callable[[PrintedNumber | None, random.Random], PrintedNumber | None]) -> Mutation:
    def mutate(case: Case, _: Case, chance: random.Random) -> Figure | None:
        changed = change(getattr(case.contrast, name), chance)
        return replace(case.contrast, **{name: changed}) if changed else None

    return mutate


def _p_off_by_ten(case: Case, _: Case, chance: random.Random) -> Figure | None:
    p = case.contrast.p
    if p is None or p.comparator != "=":
        return None
    value = p.number.decimal.scaleb(chance.choice([-1, 1]))
    return replace(case.contrast, p=parse_p(f"={value:f}")) if value <= 1 else None


def _row_of_another(case: Case, other: Case, _: random.Random) -> Figure | None:
    limits = (other.contrast.lower, other.contrast.upper)
    if limits == (case.contrast.lower, case.contrast.upper):
        return None
    return replace(case.contrast, lower=limits[0], upper=limits[1])


def _halved(case: Case, _: Case, __: random.Random) -> Figure | None:
    return replace(case.contrast, reference_events=(case.contrast.reference_events or 0) // 2)


def _value_inverted(case: Case, _: Case, __: random.Random) -> Figure | None:
    value = inverse(case.contrast).value
    return replace(case.contrast, value=value) if value != case.contrast.value else None


def _sides_halved(case: Case, _: Case, __: random.Random) -> Figure | None:
    """A p value that is one-sided stored as two-sided."""
    p = case.contrast.p
    if p is None or p.comparator != "=":
        return None
    return replace(case.contrast, p=parse_p(f"={p.number.decimal / 2:f}"))


def _decimal_dropped(case: Case, _: Case, __: random.Random) -> Figure | None:
    return replace(case.contrast, value=parse_number(str(case.contrast.value).replace(".", "")))


MUTATIONS: dict[str, tuple[float, Mutation]] = {
    "two digits of the value swapped": (95.0, _part("value", lambda part, _: swapped(part))),
    "two digits of the lower limit swapped": (95.0, _part("lower", lambda part, _: swapped(part))),
    "two digits of the upper limit swapped": (95.0, _part("upper", lambda part, _: swapped(part))),
    "one digit of the value wrong": (95.0, _part("value", digit_changed)),
    "one digit of the lower limit wrong": (95.0, _part("lower", digit_changed)),
    "one digit of the upper limit wrong": (95.0, _part("upper", digit_changed)),
    "decimal point of the value lost": (95.0, _decimal_dropped),
    "value inverted, interval not": (95.0, _value_inverted),
    "interval of another row": (95.0, _row_of_another),
    "p value ten times too large or too small": (95.0, _p_off_by_ten),
    "one-sided p value stored as two-sided": (95.0, _sides_halved),
    "events of the reference arm halved": (95.0, _halved),
    "98 % interval stored as one of 95 %": (98.0, lambda case, _, __: replace(case.contrast, level=95.0)),
    "whole contrast inverted": (95.0, lambda case, _, __: inverse(case.contrast)),
}


def findings_of(contrast: Figure, case: Case) -> Iterator[Finding]:
    """All that the checks say of a contrast, with the medians of its arms and a second source beside it."""
    yield from check_each([contrast])
    yield from check_curves([contrast, *case.medians])
    yield from check_readings([contrast], [Reading(contrast.iri, "value", "reading", case.reading, "second source")])


MEDIANS, SOURCES = {"C16", "C17"}, {"C26", "C27", "C28"}
"""The checks that need the medians of the arms, and those that need a second source."""


def share(cases: list[Case], mutate: Mutation) -> tuple[list[float], str]:
    """The shares of corrupted cases with an alarm by the contrast alone, with medians, with sources; and by what."""
    chance = random.Random(SEED)
    by: Counter[str] = Counter()
    corrupted, caught = 0, [0, 0, 0]
    for index, case in enumerate(cases):
        contrast = mutate(case, cases[index - 1], chance)
        if contrast is None:
            continue
        corrupted += 1
        alarms = {finding.check for finding in findings_of(contrast, case) if finding.verdict.severity in ALARMS}
        by.update(alarms)
        for way, checks in enumerate((alarms - MEDIANS - SOURCES, alarms - SOURCES, alarms)):
            caught[way] += bool(checks)
    names = ", ".join(f"{check} {100 * count / corrupted:.0f}" for check, count in by.most_common(4))
    return [100 * count / corrupted for count in caught], names


def main(count: int) -> None:
    """Print the table."""
    chance = random.Random(SEED)
    cases = {level: [made(chance, level) for _ in range(count)] for level in (95.0, 98.0)}
    print(f"Of {count} made contrasts, % with an error or a warning:\n")
    print("| corruption | the contrast alone | with medians | with a second source | mainly by (%) |")
    print("| --- | ---: | ---: | ---: | --- |")
    rows: dict[str, tuple[float, Mutation]] = {
        "none (false alarms)": (95.0, lambda case, _, __: case.contrast),
        **MUTATIONS,
    }
    for name, (level, mutate) in rows.items():
        shares, names = share(cases[level], mutate)
        print(f"| {name} | {' | '.join(f'{value:.2f}' for value in shares)} | {names} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
