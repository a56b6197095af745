"""What the service says of itself in RDF: the SPARQL service description, and the VoID description of its release.

In: a store, and what the service is set to do. Out: graphs, which go out in any of the RDF formats. Counts come from
the release's own description of itself, so both cost a look-up, on any engine.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urljoin

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from equipoise.api.formats import MEDIA_TYPES
from equipoise.api.forms import chosen_form, graph_response
from equipoise.api.negotiate import HTML
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS
from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.graph.store import Bindings, Store, Triples
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import local_path, mint
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, VOID, serialized, typed

__all__ = ["GRAPHS", "Offer", "description_router", "service_description"]

VOID_PATH = "/.well-known/void"
SD = "http://www.w3.org/ns/sparql-service-description#"
FOAF = "http://xmlns.com/foaf/0.1/"
W3C_FORMATS = "http://www.w3.org/ns/formats/"
SIMPLE_ENTAILMENT = "http://www.w3.org/ns/entailment/Simple"
GRAPHS = [(chosen.name, chosen.media_type) for chosen in FORMATS.values() if Triples in chosen.kinds]
"""The formats of graphs, as pairs of short name and media type, the usual one first."""

VOID_DOCUMENT: dict[str, Any] = {
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [*dict(GRAPHS), "html"]}}],
    "responses": {
        "200": {"description": "The description", "content": {media_type: {} for _, media_type in GRAPHS}},
        "303": {"description": "The page of the release, for browsers"},
        **dict.fromkeys(("404", "406"), PROBLEM_SCHEMA),
    },
}


@dataclass(frozen=True)
class Offer:
    """What a service is set to do, as far as its description says it."""

    union: bool = True
    """Whether the default graph is the union of the named graphs."""

    updates: bool = False
    """Whether it takes updates."""

    empty_graphs: bool = False
    """Whether a named graph without triples is there."""

    federated: bool = False
    """Whether any SERVICE is allowed."""


def service_description(store: Store, offer: Offer, *, endpoint: str) -> Triples:
    """The SPARQL 1.1 service description of an endpoint, at most a thousand of its named graphs among it."""
    service, dataset, default = (ox.NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph"))
    features = {
        "UnionDefaultGraph": offer.union,
        "EmptyGraphs": offer.empty_graphs,
        "BasicFederatedQuery": offer.federated,
    }
    languages = ["SPARQL11Query", "SPARQL11Update"] if offer.updates else ["SPARQL11Query"]
    said: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (service, RDF_TYPE, _sd("Service")),
        (service, _sd("endpoint"), ox.NamedNode(endpoint)),
        *((service, _sd("supportedLanguage"), _sd(language)) for language in languages),
        *((service, _sd("feature"), _sd(feature)) for feature, there in features.items() if there),
        *((service, _sd("resultFormat"), ox.NamedNode(iri)) for iri in _result_formats()),
        *((service, _sd("inputFormat"), ox.NamedNode(iri)) for iri in _input_formats() if offer.updates),
        (service, _sd("defaultEntailmentRegime"), ox.NamedNode(SIMPLE_ENTAILMENT)),
        (service, _sd("defaultDataset"), dataset),
        (dataset, RDF_TYPE, _sd("Dataset")),
        (dataset, _sd("defaultGraph"), default),
        (dataset, ox.NamedNode(DCTERMS + "source"), ox.NamedNode(urljoin(endpoint, VOID_PATH))),
        (default, RDF_TYPE, _sd("Graph")),
    ]
    sizes = _sizes(store)
    own = sizes.pop(DEFAULT_GRAPH, 0)
    if not offer.union:
        said.append((default, ox.NamedNode(VOID + "triples"), typed(str(own), "integer")))
    for name, triples in sizes.items():
        named, graph = (ox.NamedNode(f"{endpoint}#{kind}={quote(name, safe='')}") for kind in ("named", "graph"))
        said += [
            (dataset, _sd("namedGraph"), named),
            (named, RDF_TYPE, _sd("NamedGraph")),
            (named, _sd("name"), ox.NamedNode(name)),
            (named, _sd("graph"), graph),
            (graph, RDF_TYPE, _sd("Graph")),
        ]
        if triples is not None:
            said.append((graph, ox.NamedNode(VOID + "triples"), typed(str(triples), "integer")))
    return Triples(serialized([ox.Triple(*parts) for parts in said], ox.RdfFormat.N_TRIPLES), store.release)


def description_router(store: Store) -> APIRouter:
    """The route of the VoID description over a store."""
    router = APIRouter(tags=["operations"])

    @router.get(VOID_PATH, summary="The release as a VoID dataset, with its statistics", openapi_extra=VOID_DOCUMENT)
    def void(request: Request) -> Response:
        chosen = chosen_form(request, [*GRAPHS, ("html", HTML)])
        release = mint("release", store.release)
        if chosen == "html":
            return RedirectResponse(local_path(release) or "/", status_code=303)
        document = str(request.url.replace(query=None))
        return graph_response(_dataset_description(store, release, document=document), chosen)

    return router


def _dataset_description(store: Store, release: str, *, document: str) -> Triples:
    """What the release says of itself as a dataset, and where it is served."""
    answer = store.query((files("equipoise.graph") / "void.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Triples)
    if not answer.triples:
        raise UnknownNameError("void", found="the store does not say what it holds", allowed="load a release into it")
    subject, here = ox.NamedNode(release), ox.NamedNode(document)
    served = [
        ox.Triple(subject, _void("sparqlEndpoint"), ox.NamedNode(urljoin(document, "/sparql"))),
        ox.Triple(here, RDF_TYPE, _void("DatasetDescription")),
        ox.Triple(here, ox.NamedNode(FOAF + "primaryTopic"), subject),
    ]
    return Triples(answer.body + serialized(served, ox.RdfFormat.N_TRIPLES), answer.release)


def _sizes(store: Store) -> dict[str, int | None]:
    """The graphs of the store's release with their sizes; that of its own description has none."""
    answer = store.query((files("equipoise.graph") / "parts.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Bindings)
    sizes: dict[str, int | None] = {row["graph"]: row["triples"] for row in answer.values()}
    return {**sizes, mint("graph", "release"): None} if sizes else {}


def _result_formats() -> set[str]:
    """The W3C's names of the formats in which answers are given."""
    names = MEDIA_TYPES.values()
    return {_w3c(ox.QueryResultsFormat.from_media_type(name) or ox.RdfFormat.from_media_type(name)) for name in names}


def _input_formats() -> set[str]:
    """The W3C's names of the formats in which graphs are taken."""
    return {_w3c(ox.RdfFormat.from_media_type(media_type)) for _, media_type in GRAPHS}


def _w3c(known: ox.QueryResultsFormat | ox.RdfFormat | None) -> str:
    """The IRI of a format among the W3C's unique URIs for file formats; pyoxigraph gives JSON-LD another path."""
    assert known is not None
    return W3C_FORMATS + known.iri.rpartition("/")[2]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(VOID + name)
