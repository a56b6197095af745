"""What the tests of writing over HTTP send, and how they read it back."""

import httpx
import rdflib

TOKEN = "a-token-of-the-tests"
WRITER = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = {"Content-Type": "text/turtle"}
GRAPH = "http://example.org/graph"
SOME = "<http://example.org/s> <http://example.org/p> 'o' ."


def turtle(client: httpx.Client, path: str = "/graphs", **parameters: str) -> rdflib.Graph:
    response = client.get(path, params=parameters, headers={"Accept": "text/turtle"})
    assert response.status_code == 200, response.text
    return rdflib.Graph().parse(data=response.content, format="turtle", publicID=str(response.url))


def sent(text: str, base: str = "http://example.org/") -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="turtle", publicID=base)


def put(client: httpx.Client, text: str, graph: str = GRAPH, **headers: str) -> httpx.Response:
    return client.put("/graphs", params={"graph": graph}, content=text.encode(), headers={**TURTLE, **headers})
