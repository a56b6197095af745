"""Who pays for a study, helps with it and answers for it: organizations only, never a person.

In: the sponsor and collaborators module. Out: organizations with their class, and what kind of party is responsible.
"""

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, state_code, state_texts
from equipoise.ontology.iri import mint, slug

__all__ = ["map_sponsors", "state_organization"]

POINTER = "/protocolSection/sponsorCollaboratorsModule"


def map_sponsors(module: Node, lines: RecordLines) -> None:
    """Sponsor, collaborators and responsible party."""
    if sponsor := module.get("leadSponsor"):
        state_organization(lines, "sponsor", sponsor, key="name", position=0)
    for position, collaborator in enumerate(module.get("collaborators", ()), start=1):
        state_organization(lines, "collaborator", collaborator, key="name", position=position)
    if party := module.get("responsibleParty"):
        state_texts(lines, lines.trial, party, {"type": "responsiblePartyType"})
        for key in ("investigatorAffiliation", "oldOrganization"):
            state_texts(lines, lines.trial, party, {key: "responsiblePartyAffiliation"})
    lines.cite(lines.trial, POINTER)


def state_organization(lines: RecordLines, name: str, node: Node, *, key: str, position: int) -> None:
    """Join the study to an organization, which has the same IRI in all records that name it alike."""
    if (label := node.pop(key, None)) is None:
        return
    try:
        iri = mint("organization", slug(label))
    except ValueError:
        iri = f"{lines.own}/organization/{name}-{position}"
    lines.thing(iri, "Organization", label=label)
    lines.link(lines.trial, name, iri)
    state_code(lines, iri, node, "class", name="organizationClass", listed="AgencyClass")
