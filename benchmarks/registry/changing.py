"""The next version of a made registry record: what sponsors change from one version to the next.

In: a record, a chance, the day of the registry's data. Out: the same record with one to three changes: its status,
enrolment, dates, the wording of a primary outcome, or one more adverse event; the date of its last update always.
"""

import copy
import random
from collections.abc import Callable
from typing import Any

__all__ = ["change"]

STATUSES = ("ACTIVE_NOT_RECRUITING", "COMPLETED", "RECRUITING", "SUSPENDED", "TERMINATED", "UNKNOWN", "WITHDRAWN")

Object = dict[str, Any]


def change(study: Object, chance: random.Random, *, day: str) -> None:
    """Change a record."""
    status = study["protocolSection"].setdefault("statusModule", {})
    status["lastUpdateSubmitDate"] = day
    status.setdefault("lastUpdatePostDateStruct", {})["date"] = day
    for another in chance.sample(CHANGES, chance.randint(1, 3)):
        another(study, chance)


def _status(study: Object, chance: random.Random) -> None:
    status = study["protocolSection"]["statusModule"]
    status["overallStatus"] = chance.choice([one for one in STATUSES if one != status.get("overallStatus")])


def _enrolment(study: Object, chance: random.Random) -> None:
    enrolment = study["protocolSection"].setdefault("designModule", {}).setdefault("enrollmentInfo", {})
    enrolment["count"] = int(enrolment.get("count", 40)) + chance.randint(1, 60)


def _dates(study: Object, chance: random.Random) -> None:
    status = study["protocolSection"]["statusModule"]
    years = chance.randint(1, 2)
    for name in ("primaryCompletionDateStruct", "completionDateStruct"):
        if held := status.get(name):
            held["date"] = f"{int(held['date'][:4]) + years}{held['date'][4:]}"


def _wording(study: Object, chance: random.Random) -> None:
    for outcome in study["protocolSection"].get("outcomesModule", {}).get("primaryOutcomes", [])[:1]:
        outcome["measure"] += f" at week {chance.randint(4, 96)}"


def _event(study: Object, chance: random.Random) -> None:
    events = study.get("resultsSection", {}).get("adverseEventsModule", {}).get("otherEvents")
    if events:
        another = copy.deepcopy(chance.choice(events))
        another["term"] += " recurrent"
        events.append(another)


CHANGES: list[Callable[[Object, random.Random], None]] = [_status, _enrolment, _dates, _wording, _event]
