"""The arms of a trial, or the cohorts of an observational study, and what they receive.

In: the arms and interventions module, and the names of our drugs. Out: arms with roles, interventions with types, and
for each intervention whose name is that of a drug of ours, a component of the arm's regimen, with its dose where the
texts leave no doubt. `GivenArm` says of each arm of a trial what was found, for what follows from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from equipoise.graph.registry.doses import UNCLEAR, read_dose
from equipoise.graph.registry.drugs import Resolved, resolve_drug
from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, code_of, state_code, state_texts
from equipoise.ontology.iri import mint

__all__ = ["GivenArm", "map_arms"]

POINTER = "/protocolSection/armsInterventionsModule"
PLACEBO = "placebo"
"""The drug that has no dose: what texts say beside it is the dose of what it stands in for."""


@dataclass(frozen=True)
class GivenArm:
    """An arm of a trial: its IRI, label, role by local name, and the drugs of its regimen by local name, in order."""

    iri: str
    label: str
    role: str | None
    drugs: tuple[str, ...]


@dataclass
class Listed:
    """An intervention as the record lists it: its IRI, the name by which arms call it, its text, and its drug."""

    iri: str
    name: str
    text: str
    drug: Resolved | None
    arms: list[str]


def map_arms(module: Node, lines: RecordLines, *, drugs: Mapping[str, str], of_trial: bool) -> tuple[GivenArm, ...]:
    """Arms and interventions. Groups of a study that is no trial are cohorts and have no regimen."""
    interventions = _interventions(module, lines, drugs)
    given = []
    slugs = Slugs()
    labels = set()
    for position, group in enumerate(module.get("armGroups", ())):
        label = group.pop("label", "")
        labels.add(label)
        iri = f"{lines.own}/arm/{slugs.take(label, position + 1)}"
        lines.thing(iri, "Arm" if of_trial else "Cohort", label=label)
        lines.link(iri, "trial", lines.trial)
        lines.link(lines.trial, "hasArm" if of_trial else "hasCohort", iri)
        role = state_code(lines, iri, group, "type", name="role", listed="ArmGroupType") if of_trial else None
        received = _received(group, lines, iri, label, interventions)
        if of_trial:
            texts = [group.get("description", "")] if len(received) == 1 else []
            given.append(GivenArm(iri, label, role, _regimen(lines, iri, received, texts)))
        state_texts(lines, iri, group, {"description": "textOfIntervention"})
        lines.cite(iri, f"{POINTER}/armGroups/{position}")
    for intervention in interventions:
        for label in intervention.arms:
            if label not in labels:
                lines.text(intervention.iri, "armLabelPrinted", label)
    return tuple(given)


def _interventions(module: Node, lines: RecordLines, drugs: Mapping[str, str]) -> list[Listed]:
    """State every intervention that the record lists."""
    listed = []
    slugs = Slugs()
    for position, node in enumerate(module.get("interventions", ())):
        name, kind = node.pop("name", ""), str(node.get("type", "")).replace("_", " ").title()
        iri = f"{lines.own}/intervention/{slugs.take(name, position + 1)}"
        lines.thing(iri, "Intervention", label=name)
        lines.link(lines.trial, "hasIntervention", iri)
        concept = code_of(node, "type", "InterventionType")
        if concept:
            lines.value(iri, "interventionType", concept)
        text = node.get("description", "")
        drug = resolve_drug(name, node.get("otherNames", ()), drugs)
        state_texts(lines, iri, node, {"description": "textOfIntervention", "otherNames": "otherName"})
        listed.append(Listed(iri, f"{kind}: {name}", text, drug, node.pop("armGroupLabels", [])))
        lines.cite(iri, f"{POINTER}/interventions/{position}")
    return listed


def _received(group: Node, lines: RecordLines, arm: str, label: str, listed: Sequence[Listed]) -> list[Listed]:
    """The interventions that an arm names, and those that name it. Names that lead nowhere stay as text."""
    names = group.pop("interventionNames", [])
    received = [item for item in listed if item.name in names or label in item.arms]
    for item in received:
        lines.link(arm, "armIntervention", item.iri)
    known = {item.name for item in received}
    for name in names:
        if name not in known:
            lines.text(arm, "interventionPrinted", name)
    return received


def _regimen(lines: RecordLines, arm: str, received: Sequence[Listed], texts: Sequence[str]) -> tuple[str, ...]:
    """State the regimen of an arm, if a drug of ours is in it. `texts` speak of its only intervention."""
    by_drug: dict[str, list[Listed]] = {}
    for item in received:
        if item.drug:
            by_drug.setdefault(item.drug.drug, []).append(item)
    if by_drug:
        regimen = lines.thing(f"{arm}/regimen", "Regimen")
        lines.link(arm, "hasRegimen", regimen)
        for drug, items in by_drug.items():
            component = lines.thing(f"{regimen}/{drug}", "Component")
            lines.link(regimen, "hasComponent", component)
            lines.link(component, "drug", mint("drug", drug))
            for item in items:
                if item.drug:
                    lines.text(component, "drugResolvedBy", item.drug.by)
                    lines.text(component, "drugResolvedFrom", item.drug.printed)
            if drug != PLACEBO:
                _state_dose(lines, component, [*(item.text for item in items), *texts])
    return tuple(by_drug)


def _state_dose(lines: RecordLines, component: str, texts: Sequence[str]) -> None:
    dose = read_dose(texts)
    if dose is UNCLEAR:
        lines.flag(component, "doseNotParsed", True)
    elif dose is not None:
        lines.number(component, "doseValue", dose.value)
        lines.text(component, "doseUnit", dose.unit)
        lines.text(component, "dosePrinted", dose.printed)
        if dose.route:
            lines.value(component, "route", dose.route)
        if dose.frequency:
            lines.value(component, "frequency", dose.frequency)
