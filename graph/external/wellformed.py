"""XML judged as it is read: whole, well-formed, with every prefix declared, and no bomb of entities.

The parser of RDF/XML takes a document that breaks off for one that has ended, and does not say where a fault is; expat
does both, and refuses entities that expand without measure. It sees every piece before the parser does.
"""

from xml.parsers import expat

from equipoise.graph.external.unpacking import Unpacked
from equipoise.ontology.errors import OntologyError

__all__ = ["WellFormed"]


class WellFormed:
    """The bytes of an XML file, each piece judged before it is given."""

    def __init__(self, source: Unpacked) -> None:
        self.path = source.path
        self._source = source
        self._parser = expat.ParserCreate(namespace_separator=" ")

    @property
    def place(self) -> str:
        """The file and the line that is being read."""
        return self._source.place

    def read(self, size: int = 1 << 16) -> bytes:
        """The next bytes, at most so many; none at the end. Raises OntologyError with the line of a fault."""
        content = self._source.read(size)
        try:
            self._parser.Parse(content, not content)
        except expat.ExpatError as error:
            found = f"is no whole and well-formed XML: {expat.ErrorString(error.code)}"
            raise OntologyError(f"{self.path}:{error.lineno}", found=found, allowed="must be one") from error
        return content
