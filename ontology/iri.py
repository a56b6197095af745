"""IRIs and CURIEs: how a thing is named, and the short form of its name.

The path of an IRI is the path at which the server describes the thing. Names are made of what the record says, never of
counters or random numbers, so one record always gives the same IRIs.
"""

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import pyoxigraph as ox

__all__ = ["BASE", "EQP", "curie", "expand", "local_path", "mint", "named_node", "prefixes", "slug", "vocabulary_iri"]

BASE = "https://w3id.org/equipoise/"
EQP = BASE + "vocab/"


@cache
def prefixes() -> dict[str, str]:
    """The one prefix map: prefix to namespace, as `prefixes.json` has it."""
    text = (files("equipoise.ontology") / "prefixes.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def slug(text: str) -> str:
    """Turn a name into a path segment: lower-case ASCII letters, digits and single hyphens.

    Raises ValueError if nothing is left.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    segment = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if not segment:
        raise ValueError(f"no letter or digit to name a thing by in {text!r}")
    return segment


def mint(*segments: str) -> str:
    """The IRI of a thing: `mint("trial", "NCT03764293", "arm", "sorafenib")`."""
    return BASE + "/".join(segments)


def vocabulary_iri(name: str) -> str:
    """The IRI of a vocabulary term: `vocabulary_iri("HazardRatio")`."""
    return EQP + name


def local_path(iri: str) -> str | None:
    """The path under which this server describes an IRI, or None if the IRI is not one of ours."""
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else None


def curie(iri: str) -> str:
    """The shortest form of an IRI under the prefix map, or the IRI itself where none applies."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes().items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def expand(text: str) -> str | None:
    """The IRI that a CURIE stands for, or None if its prefix is not in the map."""
    prefix, colon, local = text.partition(":")
    namespace = prefixes().get(prefix)
    return namespace + local if colon and namespace else None


def named_node(text: str) -> ox.NamedNode | None:
    """The node that a CURIE or an absolute http(s) IRI names, or None if the text is neither."""
    iri = expand(text) or text
    try:
        return ox.NamedNode(iri) if urlsplit(iri).scheme in ("http", "https") else None
    except ValueError:
        return None
