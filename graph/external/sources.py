"""The catalogue of known sources: `sources.yaml`, read and checked.

Out: a `Source` for a name. Nothing in here reaches the network.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from equipoise.ontology.errors import OntologyError
from equipoise.ontology.terms import allowed_text

__all__ = ["Source", "address_of", "known_source", "may_be_redistributed", "sources"]


class Source(BaseModel):
    """An ontology that is known: its title, how the IRIs of its terms begin, its licence, whether it may be passed on,
    where it is fetched from, or else who gives it out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    namespace: str
    licence: str
    redistributable: bool
    address: str = ""
    holder: str = ""


@cache
def sources() -> Mapping[str, Source]:
    """All known sources by name."""
    text = (files("equipoise.graph.external") / "sources.yaml").read_text(encoding="utf-8")
    return {name: Source.model_validate(entry) for name, entry in yaml.safe_load(text).items()}


def known_source(name: str) -> Source | None:
    """The source of that name, if it is known."""
    return sources().get(name)


def may_be_redistributed(name: str) -> bool:
    """Whether the catalogue knows that an ontology may be passed on."""
    source = known_source(name)
    return source is not None and source.redistributable


def address_of(name: str) -> str:
    """Where an ontology is fetched from. Raises OntologyError if it is not known, or is loaded from one's own copy."""
    source = known_source(name)
    if source is None:
        allowed = allowed_text(sorted(sources()), name)
        raise OntologyError(name, found="is neither a file, an address, nor in the catalogue", allowed=allowed)
    if not source.address:
        found = f"may not be passed on ({source.licence})"
        raise OntologyError(name, found=found, allowed=f"give the file of your own copy, from {source.holder}")
    return source.address
