"""The checks of a trial as a whole: sizes that add up (C7), allocation (C8) and dates (C25)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from equipoise.graph.audit.figure import Figure, Row, rows_of
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.statistics.counts import check_allocation, check_count, check_sum
from equipoise.graph.statistics.readings import check_dates_in_order, check_same_day

__all__ = ["check_totals"]


def check_totals(store: ox.Store, figures: Sequence[Figure]) -> Iterator[Finding]:
    """Check the sizes, events, allocation and dates of every trial."""
    yield from _check_sizes(rows_of(store, "sizes"))
    yield from _check_events(figures)
    trials: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows_of(store, "trials"):
        trials[row["trial"]][row["name"]].append(row["value"])
    for trial, facts in trials.items():
        yield from _check_trial(trial, facts)
    yield from _check_cutoffs(rows_of(store, "analyses"))


def _check_sizes(rows: Iterable[Row]) -> Iterator[Finding]:
    """C7: the arms make up the intention-to-treat set, and no more than the enrollment; so do subgroups their set.

    Participants who were enrolled and not randomised, and categories that overlap, are warnings.
    """
    parts: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for row in rows:
        parts[(row["whole"], row["kind"], row["partition"], int(row["total"]))].append(int(row["size"]))
    for (whole, kind, _, total), sizes in parts.items():
        ordered = sorted(sizes, reverse=True)
        match kind:
            case "enrolled":
                yield from found(whole, "C7", check_sum(ordered, total, short="Warning"))
            case "randomised":
                yield from found(whole, "C7", check_sum(ordered, total))
            case "divided" if len(sizes) > 1:
                yield from found(whole, "C7", check_sum(ordered, total, short="Info", over="Warning"))
            case "within":
                yield from found(whole, "C7", check_count(sizes[0], total))


def _check_events(figures: Iterable[Figure]) -> Iterator[Finding]:
    """C7: the events of the arms add up to those of all arms, in estimates and in contrasts."""
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.reference and None not in (figure.events, figure.reference_events, figure.total_events):
            assert figure.events is not None and figure.reference_events is not None and figure.total_events is not None
            verdict = check_sum([figure.events, figure.reference_events], figure.total_events)
            yield from found(figure.iri, "C7", verdict)
        elif not figure.reference and figure.events is not None:
            groups[figure.quantity].append(figure)
    for group in groups.values():
        arms = [figure for figure in group if figure.arm]
        for whole in group:
            if whole.arm is None and whole.events is not None and len(arms) > 1:
                counts = [figure.events for figure in arms if figure.events is not None]
                verdict = check_sum(counts, whole.events, short="Info")
                yield from found(whole.iri, "C7", verdict, *(figure.iri for figure in arms))


def _check_trial(trial: str, facts: dict[str, list[str]]) -> Iterator[Finding]:
    sizes = [int(text.split()[0]) for text in facts["arm"]]
    ratio = [int(share) for share in facts["allocationRatio"][0].split(":")] if facts["allocationRatio"] else []
    if len(sizes) == len(ratio) > 1 and min(ratio) > 0 and sum(sizes) > 0:
        yield from found(trial, "C8", check_allocation(sizes, ratio))
    dates = [(words, facts[name][0]) for name, words in DATES.items() if facts[name]]
    if len(dates) > 1:
        yield from found(trial, "C25", check_dates_in_order(dates))
    if facts["startDate"] and facts["firstRandomised"]:
        yield from found(trial, "C25", check_same_day(facts["startDate"][0], facts["firstRandomised"][0]))


DATES = {"firstRandomised": "first randomised", "lastRandomised": "last randomised"}


def _check_cutoffs(rows: Iterable[Row]) -> Iterator[Finding]:
    """C25: a data cut-off lies after the last randomisation and before the publication of what reports it."""
    for row in rows:
        dates = [("last randomised", row["last"])] if "last" in row else []
        dates += [("data cut-off", row["cutoff"])]
        dates += [("published", row["published"])] if "published" in row else []
        if len(dates) > 1:
            inputs = [row["source"]] if "source" in row else []
            yield from found(row["analysis"], "C25", check_dates_in_order(dates), *inputs)
