"""Make the parts of a made registry record agree with each other, as they do in a real one.

In: a record whose values were drawn one by one. Out: the same record: interventions and arms name each other, results
have the measures of the protocol and mostly its arms, dates are in order, limits lie around their value, and nobody is
affected who was not at risk.
"""

import random
from itertools import chain
from typing import Any

__all__ = ["DATA_DATE", "agree"]

DATA_DATE = "2025-06-02"
"""Of which day the data are that made records say they are of."""
DATES = (
    *("studyFirstSubmitDate", "studyFirstSubmitQcDate", "studyFirstPostDateStruct"),
    *("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct"),
    *("resultsFirstSubmitDate", "resultsFirstSubmitQcDate", "resultsFirstPostDateStruct"),
    *("lastUpdateSubmitDate", "lastUpdatePostDateStruct"),
)
"""Dates of the status in the order in which they come about."""
KINDS = (("PRIMARY", "primaryOutcomes"), ("SECONDARY", "secondaryOutcomes"), ("OTHER_PRE_SPECIFIED", "otherOutcomes"))

Object = dict[str, Any]


def agree(study: Object, chance: random.Random, shares: dict[str, float]) -> None:
    """Make a record agree with itself. `shares` are those of groups and measures of results that the protocol names."""
    protocol = study["protocolSection"]
    study["hasResults"] = "resultsSection" in study
    _order_dates(protocol.get("statusModule", {}))
    arms = _arms(protocol.get("armsInterventionsModule", {}), chance)
    if "miscInfoModule" in study.get("derivedSection", {}):
        study["derivedSection"]["miscInfoModule"]["versionHolder"] = DATA_DATE
    if results := study.get("resultsSection"):
        _groups(results, arms, chance, shares["groups"])
        measures = results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", [])
        _measures(measures, protocol.get("outcomesModule", {}), chance, shares["measures"])
        for measure in chain(measures, results.get("baselineCharacteristicsModule", {}).get("measures", ())):
            _figures(measure, chance)
        if events := results.get("adverseEventsModule"):
            _events(events, chance)


def _order_dates(status: Object) -> None:
    """Put the dates in order, each as a day or a month as it was drawn."""
    held = [name for name in DATES if name in status]
    days = sorted(f"{_date(status, name)}-15"[:10] for name in held)
    for name, day in zip(held, days, strict=True):
        date = day[: len(_date(status, name))]
        if isinstance(status[name], dict):
            status[name]["date"] = date
        else:
            status[name] = date


def _date(status: Object, name: str) -> str:
    held = status[name]
    return str(held["date"] if isinstance(held, dict) else held)


def _arms(module: Object, chance: random.Random) -> list[str]:
    """The labels of the arms; arms and interventions name each other."""
    arms, interventions = module.get("armGroups", []), module.get("interventions", [])
    labels = [arm["label"] for arm in arms]
    names = [f"{one['type'].replace('_', ' ').capitalize()}: {one['name']}" for one in interventions]
    for one in interventions:
        if "armGroupLabels" in one and labels:
            one["armGroupLabels"] = _part(labels, len(one["armGroupLabels"]), chance)
    for arm in arms:
        if "interventionNames" in arm and names:
            arm["interventionNames"] = _part(names, len(arm["interventionNames"]), chance)
    return labels


def _part(names: list[str], size: int, chance: random.Random) -> list[str]:
    places = sorted(chance.sample(range(len(names)), max(1, min(size, len(names)))))
    return [names[place] for place in places]


def _groups(results: Object, arms: list[str], chance: random.Random, share: float) -> None:
    """Groups are called as arms are, all of a list or none."""
    modules = (results.get(name, {}) for name in ("participantFlowModule", "baselineCharacteristicsModule"))
    measures = results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ())
    as_arms = chance.random() < share
    for held in chain(modules, measures, [results.get("adverseEventsModule", {})]):
        groups = held.get("groups") or held.get("eventGroups") or []
        for place, group in enumerate(groups):
            if as_arms and place < len(arms):
                group["title"] = arms[place]
            elif place and place == len(arms):
                group["title"] = "Total"


def _measures(measures: list[Object], outcomes: Object, chance: random.Random, share: float) -> None:
    """Measures are the outcomes of the protocol, in order."""
    there = [(kind, one) for kind, name in KINDS for one in outcomes.get(name, ())]
    for place, measure in enumerate(measures):
        if place < len(there) and chance.random() < share:
            measure["type"], outcome = there[place]
            measure["title"] = outcome["measure"]
            if "timeFrame" in measure and "timeFrame" in outcome:
                measure["timeFrame"] = outcome["timeFrame"]


def _figures(measure: Object, chance: random.Random) -> None:
    """Figures have a spread or limits as the kind of dispersion says; limits lie around the figure."""
    dispersion = str(measure.get("dispersionType", "")).casefold()
    spread = any(word in dispersion for word in ("deviation", "error", "coefficient"))
    for part in measure.get("classes", ()):
        for category in part.get("categories", ()):
            for figure in category.get("measurements", ()):
                for name in ("spread", "lowerLimit", "upperLimit"):
                    figure.pop(name, None)
                if (value := _number(figure.get("value"))) is None or not dispersion:
                    continue
                width, digits = abs(value) * chance.uniform(0.05, 0.6), _digits(figure["value"])
                if spread:
                    figure["spread"] = f"{width:.{digits}f}"
                else:
                    figure |= {"lowerLimit": f"{value - width:.{digits}f}", "upperLimit": f"{value + width:.{digits}f}"}
    for analysis in measure.get("analyses", ()):
        if (value := _number(analysis.get("paramValue"))) is not None:
            width, digits = abs(value) * chance.uniform(0.1, 0.8), _digits(analysis["paramValue"])
            for name, limit in (("ciLowerLimit", value - width), ("ciUpperLimit", value + width)):
                if _number(analysis.get(name)) is not None:
                    analysis[name] = f"{limit:.{digits}f}"


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _digits(text: str) -> int:
    return len(text.partition(".")[2])


def _events(events: Object, chance: random.Random) -> None:
    """All of a group are at risk of every event, and fewer are affected by it than by any."""
    at_risk = {}
    for group in events.get("eventGroups", ()):
        at_risk[group["id"]] = whole = max(group.get("seriousNumAtRisk", 0), group.get("otherNumAtRisk", 0), 1)
        for name in ("serious", "other", "deaths"):
            if f"{name}NumAtRisk" in group:
                group[f"{name}NumAtRisk"] = whole
            if f"{name}NumAffected" in group:
                group[f"{name}NumAffected"] = min(group[f"{name}NumAffected"], whole)
    limits = {
        (name, group["id"]): group.get(f"{name}NumAffected", at_risk[group["id"]])
        for name in ("serious", "other")
        for group in events.get("eventGroups", ())
    }
    for name in ("serious", "other"):
        for event in events.get(f"{name}Events", ()):
            for stats in event.get("stats", ()):
                group = stats["groupId"]
                if "numAtRisk" in stats:
                    stats["numAtRisk"] = at_risk.get(group, 1)
                if "numAffected" in stats:
                    stats["numAffected"] = min(stats["numAffected"], limits.get((name, group), 1))
                    if "numEvents" in stats:
                        stats["numEvents"] = stats["numAffected"] and stats["numAffected"] + chance.randrange(3)
