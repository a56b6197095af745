"""Analyses of a made measure: contrast, unordered comparison, omnibus test, estimate; and a fault that is found."""

from typing import Any

from posted import leaves

from equipoise.graph.registry.audit import audit_record
from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results import RecordArm, map_results

GROUPS = ["Drug", "Placebo", "Other"]


def mapped(*analyses: dict[str, Any]) -> RecordLines:
    lines = RecordLines("NCT00000001")
    roles = ["Experimental", "PlaceboComparator", "Experimental"]
    arms = [
        RecordArm(f"{lines.own}/arm/{label.lower()}", label, role) for label, role in zip(GROUPS, roles, strict=True)
    ]
    groups = [{"id": f"OG00{place}", "title": title} for place, title in enumerate(GROUPS)]
    measure = {"type": "PRIMARY", "title": "Pain", "groups": groups, "analyses": list(analyses)}
    results = {"outcomeMeasuresModule": {"outcomeMeasures": [measure]}}
    map_results(results, arms=arms, endpoints={("primary", "pain"): f"{lines.own}/endpoint/primary/pain"}, lines=lines)
    assert not leaves(results)
    return lines


def stated(lines: RecordLines) -> str:
    figure = f"<{lines.own}/outcome-measure/pain/analysis/1>"
    return "".join(triple.replace(figure, "") for triple in lines.triples() if triple.startswith(figure))


def test_pair_whose_order_is_stated_is_a_contrast() -> None:
    lines = mapped(
        {"groupIds": ["OG001", "OG000"], "paramType": "Hazard Ratio (HR)", "estimateComment": "Drug vs Placebo"}
    )
    text = stated(lines)
    assert "/vocab/Contrast>" in text
    assert f"/targetArm> <{lines.own}/arm/drug>" in text
    assert f"/referenceArm> <{lines.own}/arm/placebo>" in text
    assert '/orderStatedBy> "Drug vs Placebo"' in text
    assert f"/endpoint> <{lines.own}/endpoint/primary/pain>" in text


def test_pair_without_a_stated_order_is_no_contrast() -> None:
    text = stated(mapped({"groupIds": ["OG000", "OG001"], "paramType": "Mean Difference (Net)", "paramValue": "1.9"}))
    assert "/vocab/UnorderedComparison>" in text
    assert text.count("/comparedGroup>") == 2
    assert "/vocab/Contrast>" not in text
    assert "targetArm" not in text


def test_three_groups_are_an_omnibus_test_and_one_an_estimate() -> None:
    assert "/vocab/OmnibusTest>" in stated(mapped({"groupIds": ["OG000", "OG001", "OG002"], "pValue": "0.3"}))
    text = stated(mapped({"groupIds": ["OG002"], "paramType": "Slope", "paramValue": "0.3"}))
    assert "/vocab/Estimate>" in text
    assert "/arm> <" in text


def test_impossible_level_is_kept_and_marked() -> None:
    text = stated(
        mapped({"groupIds": ["OG000", "OG001"], "ciPctValue": "05", "ciLowerLimit": "1", "ciUpperLimit": "2"})
    )
    assert '/levelPrinted> "05"' in text
    assert "/notParsed> <https://w3id.org/equipoise/vocab/level>" in text


def test_limit_without_its_sign_is_found() -> None:
    limits = {"paramValue": "-0.13", "ciLowerLimit": "-0.33", "ciUpperLimit": "-0.06", "ciPctValue": "95"}
    audit = audit_record(mapped({"groupIds": ["OG000", "OG001"], "paramType": "Mean Difference (Net)", **limits}))
    assert [(finding.check, finding.verdict.severity) for finding in audit.findings] == [("C2b", "Warning")]
    assert audit.counts["C1", "Passed"] == 1
