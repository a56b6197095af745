"""Real records, read in place, and what the mapping of their results needs of their protocol section."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results import RecordArm, map_results, normalised
from equipoise.graph.registry.slugs import Slugs
from support import SHARED, need

STUDIES = SHARED / "data" / "registry" / "studies"
ROLES = {"EXPERIMENTAL": "Experimental", "ACTIVE_COMPARATOR": "ActiveComparator", "NO_INTERVENTION": "NoIntervention"}
ROLES |= {"PLACEBO_COMPARATOR": "PlaceboComparator", "SHAM_COMPARATOR": "ShamComparator"}


def with_results() -> Iterator[dict[str, Any]]:
    """The real records that have results."""
    need(STUDIES.is_dir(), "the folder of real registry records")
    for path in sorted(STUDIES.glob("*.json")):
        study = json.loads(path.read_text())
        if "resultsSection" in study:
            yield study


def mapped(study: dict[str, Any]) -> RecordLines:
    """The statements of a study's results; the results section is taken apart."""
    protocol = study["protocolSection"]
    lines = RecordLines(protocol["identificationModule"]["nctId"])
    slugs = Slugs()
    arms = [
        RecordArm(
            f"{lines.own}/arm/{slugs.take(node['label'], place + 1)}", node["label"], ROLES.get(node.get("type", ""))
        )
        for place, node in enumerate(protocol.get("armsInterventionsModule", {}).get("armGroups", []))
    ]
    endpoints: dict[tuple[str, str], str] = {}
    times: Counter[tuple[str, str]] = Counter()
    for role in ("primary", "secondary", "other"):
        slugs = Slugs()
        for place, node in enumerate(protocol.get("outcomesModule", {}).get(f"{role}Outcomes", [])):
            key = (role, normalised(node["measure"]))
            times[key] += 1
            endpoints[key] = f"{lines.own}/endpoint/{role}/{slugs.take(node['measure'], place + 1)}"
    unique = {key: iri for key, iri in endpoints.items() if times[key] == 1}
    map_results(study["resultsSection"], arms=arms, endpoints=unique, lines=lines)
    return lines


def leaves(node: Any, path: str = "") -> Counter[str]:
    """How many leaves a value has, by path; empty objects and lists are none."""
    found: Counter[str] = Counter()
    if isinstance(node, dict):
        for key, value in node.items():
            found += leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            found += leaves(value, f"{path}[]")
    else:
        found[path] += 1
    return found
