"""What is written of an answer can be read by others."""

import pyoxigraph as ox
import pytest
import rdflib

from equipoise.graph.store.engine import solve
from equipoise.graph.store.frames import DATA, Ask, Formats, FrameReader
from equipoise.graph.store.output import write_answer

READERS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}


class Written(bytearray):
    """A sink in memory."""

    sendall = bytearray.extend


@pytest.mark.parametrize("prefix", ["xml", "xmlns", "XMLa", "a\u00b2", "a.b", "", "ex-1"])
@pytest.mark.parametrize("name", READERS)
def test_graph_can_be_read_whatever_prefixes_the_query_declares(prefix: str, name: str) -> None:
    values = "VALUES (?s ?p ?o) { (<http://x/a> <http://x/b> 1) }"
    text = f"PREFIX ok: <http://y/> # PREFIX {prefix}: <http://x/>\nCONSTRUCT {{ ?s ?p ?o }} {{ {values} }}"
    ask = Ask(text, Formats("", "", name), most_rows=10, most_bytes=1000)
    sink = Written()
    write_answer(ask, lambda: solve(ox.Store(), text, bindings={}, dataset=None, default_graph="union"), sink)
    body = b"".join(payload for kind, payload in FrameReader().feed(bytes(sink)) if kind == DATA)
    graph = rdflib.Graph().parse(data=body, format=READERS[name])
    assert {str(subject) for subject in graph.subjects()} == {"http://x/a"}
