"""Ontologies that are no RDF by their syntax, turned into RDF/XML by the readers that their communities keep.

In: a file in OBO, OBO Graphs JSON, OWL/XML or OWL functional syntax. Out: an RDF/XML file, and the version that the
file states where RDF has no place for it. fastobo and
horned-owl hold an ontology in memory as a whole, and may give up in ways that end a process; so this runs in a process
of its own, under limits (`graph.external.reader`).
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Literal, cast

import fastobo
import pyhornedowl

from equipoise.graph.external.unpacking import Stream, Unpacked
from equipoise.graph.external.wellformed import WellFormed
from equipoise.ontology.errors import OntologyError

__all__ = ["CONVERTERS"]

OFFSET = re.compile(r"(?:ByteSpan|BytePosition)\((\d+)")
VARIANT = re.compile(r'ValidityError\("([^"]+)"')


def convert_obo(source: Unpacked, into: Path) -> str:
    """OBO, as its mapping to OWL has it."""
    try:
        document = fastobo.load(cast("IO[bytes]", source))
    except SyntaxError as error:
        raise OntologyError(
            f"{source.path}:{error.lineno}", found=f"is not OBO: {error.msg}", allowed=_see()
        ) from error
    return _write_obo(document, source, into)


def convert_obograph(source: Unpacked, into: Path) -> str:
    """The first graph of an OBO Graphs document."""
    try:
        document = fastobo.load_graph(cast("IO[bytes]", source))
    except (SyntaxError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"{source.path}:{line[1]}" if line else source.place
        raise OntologyError(place, found=f"is not OBO Graphs JSON: {error}", allowed=_see()) from error
    return _write_obo(document, source, into)


def convert_xml(source: Unpacked, into: Path) -> str:
    """OWL/XML."""
    return _convert(WellFormed(source), source, into, "owx")


def convert_functional(source: Unpacked, into: Path) -> str:
    """OWL functional syntax."""
    return _convert(source, source, into, "ofn")


CONVERTERS: Mapping[str, Callable[[Unpacked, Path], str]] = {
    "obo": convert_obo,
    "obograph": convert_obograph,
    "owx": convert_xml,
    "ofn": convert_functional,
}


def _write_obo(document: "fastobo.doc.OboDoc", source: Unpacked, into: Path) -> str:
    """Write a document, with what the mapping to OWL needs of a header where it has none."""
    tags = {clause.raw_tag(): clause.raw_value() for clause in document.header}
    name = tags.get("ontology") or re.sub(r"\W+", "-", source.path.name.partition(".")[0])
    if "ontology" not in tags:
        document.header.append(fastobo.header.OntologyClause(name))
    if "default-namespace" not in tags:
        namespace = fastobo.id.UnprefixedIdent(re.sub(r"\W+", "_", name))
        document.header.append(fastobo.header.DefaultNamespaceClause(namespace))
    try:
        fastobo.dump_owl(document, str(into), format="rdf")
    except ValueError as error:
        raise OntologyError(str(source.path), found=f"cannot be told in OWL: {error}", allowed=_see()) from error
    return str(tags.get("data-version", ""))


def _convert(stream: Stream, source: Unpacked, into: Path, serialization: Literal["owx", "ofn"]) -> str:
    """Convert by horned-owl, which reads from a file only."""
    plain = into.with_name(f"plain.{serialization}")
    with open(plain, "wb") as file:
        while piece := stream.read():
            file.write(piece)
    try:
        ontology = pyhornedowl.open_ontology_from_file(str(plain), serialization)
        ontology.save_to_file(str(into), "owl")
    except ValueError as error:
        raise _of_horned(source, plain, str(error)) from error
    finally:
        plain.unlink(missing_ok=True)
    return ""


def _of_horned(source: Unpacked, plain: Path, message: str) -> OntologyError:
    """What horned-owl says, with the line that its offset is in."""
    variant, offset = VARIANT.search(message), OFFSET.search(message)
    place = str(source.path)
    if offset:
        with open(plain, "rb") as file:
            line = file.read(int(offset[1])).count(b"\n") + 1
        place = f"{place}:{line}"
    found = variant[1] if variant else "is not as the syntax has it"
    return OntologyError(place, found=f"cannot be read: {found}", allowed=_see())


def _see() -> str:
    return "must be a whole and valid file"
