"""Run the W3C's lists of tests for SPARQL services against any server, and print how it does.

In: the addresses of a server, and the lists beside this file, each test as data. Out: for each test nothing, or the
first thing that differs from what the specification asks. It knows nothing of Equipoise.

    python tests/conformance/runner.py --server "NAME QUERY-ADDRESS UPDATE-ADDRESS GRAPHS-ADDRESS" [--server …]

sends the bearer token of EQUIPOISE_WRITE_TOKEN, if there is one, and prints the tally as tables in Markdown. The tests
overwrite what the server holds.

A test has steps. A step says `request` (a method and one of `query`, `update`, `graphs`, `graphs/NAME`, or an
address), what to send (`parameters`, `form`, `parts`, or `body` with `type` and `encoding`) and what to `expect`:
`status` (a code, a class such as 4xx, or a list of these; 2xx if none is given), `truth` of an ASK, `graph` in Turtle,
`holds` (an ASK that is true of the graph sent), `shapes` it conforms to, the `kind` of answer, or a `location` to
remember by a name. `$name` stands for what the list's `names` say, for an address of the server, or for a location.
"""

import argparse
import os
import re
import ssl
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pyshacl
import rdflib
import yaml

__all__ = ["Case", "ConformanceError", "Server", "load_cases", "run_case", "tally"]

FOLDER = Path(__file__).resolve().parent
LISTS = ("protocol", "graph-store", "service-description")
SECONDS = 120
ROWS = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
KINDS = {"rows": ROWS, "truth": ROWS - {"text/csv", "text/tab-separated-values"}, "graph": GRAPHS.keys()}


class ConformanceError(Exception):
    """What a server does differently from what a test expects."""


@dataclass(frozen=True)
class Server:
    """The addresses of a server, and the token it takes writes with."""

    name: str
    query: str
    update: str
    graphs: str
    token: str = ""


@dataclass(frozen=True)
class Case:
    """One test: its name in its list, what it checks, the clause it holds to, and its steps."""

    list: str
    name: str
    checks: str
    clause: str
    steps: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    data: str
    """Quads that must be there before, as SPARQL writes them; empty if none."""


def load_cases() -> list[Case]:
    """All tests, in the order of their lists."""
    cases = []
    for name in LISTS:
        content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        for test in content["tests"]:
            data = content["data"] if test.get("needs data") else ""
            case = Case(name, test["name"], test["checks"], test["clause"], test["steps"], content["names"], data)
            cases.append(case)
    return cases


def run_case(case: Case, server: Server) -> None:
    """Run a test against a server. Raises ConformanceError at the first thing that differs."""
    headers = {"Authorization": f"Bearer {server.token}"} if server.token else {}
    names = {**case.names, "query": server.query, "update": server.update, "graphs": server.graphs}
    with httpx.Client(headers=headers, timeout=SECONDS, verify=_trust()) as client:
        if case.data:
            _supply(client, server, Template(case.data).substitute(names))
        for number, step in enumerate(case.steps, start=1):
            try:
                response = _send(client, step, names)
                _judge(response, step.get("expect", {}), names)
            except (ConformanceError, httpx.HTTPError) as error:
                raise ConformanceError(f"step {number}, {step['request']}: {error}") from error


@cache
def _trust() -> ssl.SSLContext:
    """The certificates of the system, read once."""
    return ssl.create_default_context()


def _supply(client: httpx.Client, server: Server, data: str) -> None:
    """Write the data of a list unless they are there."""
    asked = client.post(server.query, content=f"ASK {{ {data} }}", headers={"Content-Type": "application/sparql-query"})
    if asked.is_success and _truth(asked):
        return
    headers = {"Content-Type": "application/sparql-update"}
    written = client.post(server.update, content=f"INSERT DATA {{ {data} }}", headers=headers)
    if not written.is_success:
        raise ConformanceError(f"the data cannot be written: {written.status_code} {written.text[:200]}")


def _send(client: httpx.Client, step: Mapping[str, Any], names: Mapping[str, str]) -> httpx.Response:
    method, _, target = step["request"].partition(" ")
    address = Template(target).substitute(names) if target.startswith("$") else _address(target, names)
    if "parameters" in step:
        address += "?" + _encoded(step["parameters"], names)
    headers = {"Accept": step["accept"]} if "accept" in step else {}
    body = Template(step.get("body", "")).substitute(names).encode(step.get("encoding", "utf-8"))
    if "form" in step:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = _encoded(step["form"], names).encode()
    elif "type" in step:
        headers["Content-Type"] = step["type"]
    if "parts" in step:
        parts = {
            part["name"]: (part["name"], Template(part["body"]).substitute(names), part["type"])
            for part in step["parts"]
        }
        return client.request(method, address, headers=headers, files=parts)
    return client.request(method, address, headers=headers, content=body or None)


def _address(target: str, names: Mapping[str, str]) -> str:
    endpoint, slash, rest = target.partition("/")
    return names[endpoint] + slash + rest


def _encoded(pairs: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Parameters as a query string; one without a value is its name alone."""
    parts = []
    for name, value in pairs.items():
        if value is None:
            parts.append(name)
        else:
            values = value if isinstance(value, list) else [value]
            parts += [urlencode({name: Template(one).substitute(names)}) for one in values]
    return "&".join(parts)


def _judge(response: httpx.Response, expected: Mapping[str, Any], names: dict[str, str]) -> None:
    _judge_status(response, expected.get("status", "2xx"))
    if "location" in expected:
        location = response.headers.get("Location", "")
        if not location:
            raise ConformanceError("has no Location")
        names[expected["location"]] = str(response.url.join(location))
    kind = expected.get("kind")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind and media_type not in KINDS[kind]:
        raise ConformanceError(f"is {media_type or 'of no media type'}, no format for {kind}")
    if "truth" in expected and _truth(response) is not expected["truth"]:
        raise ConformanceError(f"is {not expected['truth']}")
    if "graph" in expected:
        _judge_graph(response, Template(expected["graph"]).substitute(names))
    if "holds" in expected and not _holds(_triples(response), Template(expected["holds"]).substitute(names)):
        raise ConformanceError(f"does not hold that {Template(expected['holds']).substitute(names)}")
    if kind == "graph" and response.request.method != "HEAD":
        _triples(response)
    if "shapes" in expected:
        _judge_shapes(_triples(response), expected["shapes"])


def _judge_status(response: httpx.Response, allowed: object) -> None:
    wanted = [str(one) for one in (allowed if isinstance(allowed, list) else [allowed])]
    if not any(re.fullmatch(one.replace("x", r"\d"), str(response.status_code)) for one in wanted):
        body = " ".join(response.text.split())[:200]
        raise ConformanceError(f"is {response.status_code}, not {' or '.join(wanted)}{f': {body}' if body else ''}")


def _truth(response: httpx.Response) -> bool:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    format = ox.QueryResultsFormat.from_media_type(media_type)
    if media_type not in KINDS["truth"] or format is None:
        raise ConformanceError(f"is {media_type or 'of no media type'}, no format for a truth value")
    try:
        answer = ox.parse_query_results(response.content, format=format)
    except (SyntaxError, ValueError) as error:
        raise ConformanceError(f"cannot be read: {error}") from error
    if not isinstance(answer, ox.QueryBoolean):
        raise ConformanceError("is no truth value")
    return bool(answer)


def _triples(response: httpx.Response) -> ox.Dataset:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if media_type not in GRAPHS:
        raise ConformanceError(f"is {media_type or 'of no media type'}, no format for a graph")
    try:
        dataset = ox.Dataset(ox.parse(response.content, format=GRAPHS[media_type], base_iri=str(response.url)))
    except (SyntaxError, ValueError) as error:
        raise ConformanceError(f"cannot be read: {error}") from error
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _judge_graph(response: httpx.Response, turtle: str) -> None:
    expected = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    expected.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    found = _triples(response)
    if found != expected:
        raise ConformanceError(f"is another graph: {' '.join(sorted(map(str, found)))[:300] or 'empty'}")


def _holds(triples: ox.Dataset, query: str) -> bool:
    store = ox.Store()
    store.extend(triples)
    return bool(store.query(query))


def _judge_shapes(triples: ox.Dataset, shapes: str) -> None:
    """Look whether a graph conforms to the shapes of a file."""
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_QUADS), format="nt")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(FOLDER / shapes))
    if not conforms:
        raise ConformanceError(" ".join(str(text).split())[:400])


def tally(cases: Sequence[Case], outcomes: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """The outcomes of servers as tables in Markdown: how many of each list hold, then each test.

    `outcomes` gives for each server, by list and name of a test, what differs; empty text where nothing does.
    """
    servers = list(outcomes)
    lines = [f"| list | {' | '.join(servers)} |", f"| --- |{' --- |' * len(servers)}"]
    for name in LISTS:
        keys = [(case.list, case.name) for case in cases if case.list == name]
        counts = [f"{sum(not outcomes[server][key] for key in keys)} of {len(keys)}" for server in servers]
        lines.append(f"| {name} | {' | '.join(counts)} |")
    for name in LISTS:
        lines += ["", f"| {name} | clause | what must hold | {' | '.join(servers)} |"]
        lines.append(f"| --- | --- | --- |{' --- |' * len(servers)}")
        for case in cases:
            if case.list == name:
                marks = ["no" if outcomes[server][case.list, case.name] else "yes" for server in servers]
                lines.append(f"| `{case.name}` | {case.clause} | {case.checks} | {' | '.join(marks)} |")
    return "\n".join(lines)


def outcome(case: Case, server: Server) -> str:
    """What differs in a test, empty if nothing does."""
    try:
        run_case(case, server)
    except ConformanceError as difference:
        return str(difference)
    return ""


def main() -> None:
    """Run all tests against the servers named on the command line; exit 1 if any differs."""
    parser = argparse.ArgumentParser(description="Run the conformance tests against SPARQL servers.")
    parser.add_argument("--server", action="append", required=True, help="NAME QUERY UPDATE GRAPHS, in one argument")
    token = os.environ.get("EQUIPOISE_WRITE_TOKEN", "")
    servers = [Server(*text.split(), token=token) for text in parser.parse_args().server]
    cases = load_cases()
    outcomes = {server.name: {(case.list, case.name): outcome(case, server) for case in cases} for server in servers}
    print(tally(cases, outcomes))
    for server, found in outcomes.items():
        for (_, name), difference in found.items():
            if difference:
                print(f"{server} {name}: {difference}", file=sys.stderr)
    sys.exit(any(difference for found in outcomes.values() for difference in found.values()))


if __name__ == "__main__":
    main()
