"""What share of corruptions the self-audit finds, and how often it is alarmed by what is sound.

    python benchmarks/mutations.py [CONTRASTS]

Makes trials: two arms of one size with constant hazards, followed until a day on which 20 to 60 % have had no event.
Estimates of each what a paper would print: the hazard ratio by Cox's model, p by the log-rank test, the medians by
Kaplan and Meier. Corrupts it in one way after another, and runs the checks that a release runs. An alarm is a finding
of severity error or warning. Prints a Markdown table. The column of the citation is for records that say what their
source prints apart from the value (`prints`): the corruption is then in the value and not in the citation.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import CensoredData, ecdf

from equipoise.graph.audit.curves import check_curves
from equipoise.graph.audit.figure import Figure
from equipoise.graph.audit.finding import Finding
from equipoise.graph.audit.single import check_each
from equipoise.graph.printed import PrintedNumber, parse_number, parse_p
from equipoise.ontology.iri import EQP

SEED = 310
ALARMS = ("Error", "Warning")


@dataclass(frozen=True)
class Case:
    """A contrast as stored, with the medians of its arms, and the estimate and log margin before they were rounded."""

    contrast: Figure
    medians: tuple[Figure, Figure]
    estimate: float
    margin: float


def made(chance: np.random.Generator, level: float = 95.0, sizes: tuple[int, int] = (150, 800)) -> Case:
    """One trial, its true hazard ratio from 0.5 to 1.1; `level` in percent, `sizes` in participants."""
    people = int(chance.integers(*sizes, endpoint=True))
    target = np.arange(people) % 2 == 0
    hazards = np.where(target, exp(chance.uniform(log(0.5), log(1.1))), 1.0) * log(2) / chance.uniform(4, 24)
    times = chance.exponential(1 / hazards)
    end = np.quantile(times, chance.uniform(0.4, 0.8)) * chance.uniform(0.8, 1.2, people)
    observed, months = times <= end, np.minimum(times, end)
    ratio, error, p = cox(months, observed, target)
    margin = float(ndtri(0.5 + level / 200)) * error
    limits = [number(exp(log(ratio) + sign * margin)) for sign in (-1, 1)]
    contrast = Figure(
        iri="contrast", trial="trial", analysis="final", outcome=EQP + "OverallSurvival", arm="one", reference="other",
        measure=EQP + "HazardRatio", measure_kind=EQP + "RatioMeasure", interval_kind=EQP + "ConfidenceInterval",
        value=number(ratio), lower=limits[0], upper=limits[1], level=level,
        p=parse_p("<0.0001" if p < 0.0001 else f"={p:.2g}" if p >= 0.001 else f"={p:.5f}"), sides=2,
        events=int(observed[target].sum()), reference_events=int(observed[~target].sum()),
        printed=(str(number(ratio)),),
    )  # fmt: skip
    medians = (median("one", months[target], observed[target]), median("other", months[~target], observed[~target]))
    return Case(contrast, medians, ratio, margin)


def cox(months: np.ndarray, observed: np.ndarray, target: np.ndarray) -> tuple[float, float, float]:
    """The hazard ratio by Cox's partial likelihood, the standard error of its log, and the two-sided log-rank p.

    One covariate and no ties: Newton's method, and the score test at no effect (Cox, J R Stat Soc B 1972;34:187).
    """
    order = np.argsort(months)
    events, ones = observed[order], target[order].astype(float)
    at_risk = np.arange(len(ones), 0, -1)
    of_target = np.cumsum(ones[::-1])[::-1]
    ones, of_target, others = ones[events], of_target[events], (at_risk - of_target)[events]

    def score(beta: float) -> tuple[float, float]:
        share = of_target * exp(beta) / (of_target * exp(beta) + others)
        return float((ones - share).sum()), float((share * (1 - share)).sum())

    slope, information = score(0.0)
    p = 2 * float(ndtr(-abs(slope) / sqrt(information)))
    beta = 0.0
    for _ in range(8):
        slope, information = score(beta)
        beta += slope / information
    return exp(beta), 1 / sqrt(score(beta)[1]), p


def number(value: float, places: int = 2) -> PrintedNumber:
    """A number as a paper prints it."""
    return parse_number(f"{value:.{places}f}")


def median(arm: str, months: np.ndarray, observed: np.ndarray) -> Figure:
    """The median survival of an arm by Kaplan and Meier, to a tenth of a month; without a value if not reached."""
    curve = ecdf(CensoredData(uncensored=months[observed], right=months[~observed])).sf
    reached = curve.quantiles[curve.probabilities <= 0.5]
    return Figure(
        iri=f"median of {arm}", trial="trial", analysis="final", outcome=EQP + "OverallSurvival", arm=arm,
        statistic=EQP + "Median", unit="mo", value=number(float(reached[0]), 1) if len(reached) else None,
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


def inverse(case: Case) -> Figure:
    """The contrast the other way round, its events still with their arms."""
    value, lower, upper = (number(exp(sign * case.margin) / case.estimate) for sign in (0, -1, 1))
    return replace(case.contrast, value=value, lower=lower, upper=upper)


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
    value = inverse(case).value
    return replace(case.contrast, value=value) if value != case.contrast.value else None


def _sides_halved(case: Case, _: Case, __: random.Random) -> Figure | None:
    """A p value that is one-sided stored as two-sided."""
    p = case.contrast.p
    if p is None or p.comparator != "=":
        return None
    return replace(case.contrast, p=parse_p(f"={p.number.decimal / 2:f}"))


def _decimal_dropped(case: Case, _: Case, __: random.Random) -> Figure | None:
    return replace(case.contrast, value=parse_number(str(case.contrast.value).replace(".", "")))


def _exchanged(contrast: Figure) -> Figure:
    return replace(
        contrast,
        arm=contrast.reference,
        reference=contrast.arm,
        events=contrast.reference_events,
        reference_events=contrast.events,
    )


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
    "whole contrast inverted": (95.0, lambda case, _, __: inverse(case)),
    "target and reference arm exchanged, numbers kept": (95.0, lambda case, _, __: _exchanged(case.contrast)),
}


def findings_of(contrast: Figure, case: Case) -> Iterator[Finding]:
    """All that the checks say of a contrast, with the medians of its arms beside it."""
    yield from check_each([contrast])
    yield from check_curves([contrast, *case.medians])


MEDIANS, CITATION = {"C16", "C17"}, {"C30"}
"""The checks that need the medians of the arms, and the one that needs a citation with its own digits."""


def share(cases: list[Case], mutate: Mutation) -> tuple[list[float], str]:
    """The shares of corrupted cases with an alarm by the contrast alone, with medians, with the citation; by what."""
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
        for way, checks in enumerate((alarms - MEDIANS - CITATION, alarms - CITATION, alarms)):
            caught[way] += bool(checks)
    names = ", ".join(f"{check} {100 * count / corrupted:.0f}" for check, count in by.most_common(4))
    return [100 * count / corrupted for count in caught], names


def main(count: int) -> None:
    """Print the table."""
    chance = np.random.default_rng(SEED)
    cases = {level: [made(chance, level) for _ in range(count)] for level in (95.0, 98.0)}
    print(f"Of {count} made trials, % with an error or a warning:\n")
    print(
        "| corruption | the contrast alone | with medians | with a citation that says what it prints | mainly by (%) |"
    )
    print("| --- | ---: | ---: | ---: | --- |")
    shares, names = share([made(chance, sizes=(60, 140)) for _ in range(count)], untouched)
    print_row("none, in trials of 60 to 140 participants", shares, names)
    for name, (level, mutate) in {"none (false alarms)": (95.0, untouched), **MUTATIONS}.items():
        print_row(name, *share(cases[level], mutate))


def untouched(case: Case, _: Case, __: random.Random) -> Figure:
    """The contrast as it was made."""
    return case.contrast


def print_row(name: str, shares: list[float], checks: str) -> None:
    """Print one row of the table."""
    print(f"| {name} | {' | '.join(f'{value:.2f}' for value in shares)} | {checks} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
