"""What else a results section says: limitations and caveats, and the agreement with the investigators on publication.

In: `moreInfoModule`. Out: texts and values on the trial's results agreement. The point of contact is left: persons and
their numbers are not stated.
"""

from typing import Any

from equipoise.graph.registry.lines import RecordLines

__all__ = ["map_more"]

RESTRICTIONS = {"LTE60": "RestrictedUpTo60Days", "GT60": "RestrictedOver60Days", "OTHER": "OtherRestriction"}


def map_more(module: dict[str, Any], *, pointer: str, lines: RecordLines) -> None:
    """Map limitations and the agreement."""
    caveats = module.get("limitationsAndCaveats", {})
    if "description" in caveats:
        limitation = lines.thing(f"{lines.own}/limitations", "Limitation")
        lines.link(lines.trial, "hasLimitation", limitation)
        lines.text(limitation, "dcterms:description", caveats.pop("description"))
        lines.cite(limitation, f"{pointer}/limitationsAndCaveats")
    node = module.get("certainAgreement", {})
    if not node:
        return
    agreement = lines.thing(f"{lines.own}/publication-agreement", "PublicationAgreement")
    lines.link(lines.trial, "hasPublicationAgreement", agreement)
    lines.flag(agreement, "investigatorEmployed", node.pop("piSponsorEmployee", None))
    lines.flag(agreement, "publicationRestricted", node.pop("restrictiveAgreement", None))
    if node.get("restrictionType") in RESTRICTIONS:
        lines.value(agreement, "publicationRestriction", RESTRICTIONS[node.pop("restrictionType")])
    lines.text(agreement, "comment", node.pop("otherDetails", None))
    lines.cite(agreement, f"{pointer}/certainAgreement")
