"""Our server against the W3C's lists of tests, and the runner of these tests against a peer and a server of nothing."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from conformance.runner import LISTS, Case, Server, load_cases, outcome, run_case
from support import ROOT

CASES = load_cases()
PEER_DIFFERS = {
    "query_content_type_describe",  # N-Quads, which is a format for datasets
    "query_content_type_construct",
    "bad_update_get",  # a description of the service, with status 200
    "post__multipart_formdata",  # not supported
    "head_on_an_existing_graph",  # without the headers of the GET
}


def named(case: Case) -> str:
    return f"{case.list}-{case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_service_holds_to_the_standard(case: Case, ours: Server) -> None:
    run_case(case, ours)


def test_lists_are_complete() -> None:
    assert [sum(case.list == name for case in CASES) for name in LISTS] == [34, 14, 3]
    assert len({named(case) for case in CASES}) == len(CASES)


def test_runner_finds_no_more_wrong_with_a_peer_than_is_known(peer: Server) -> None:
    differing = {case.name for case in CASES if outcome(case, peer)}
    assert differing <= PEER_DIFFERS


class _Nodding(BaseHTTPRequestHandler):
    """Says 200 to everything, and nothing else."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def nodding() -> Iterator[Server]:
    with HTTPServer(("127.0.0.1", 0), _Nodding) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield Server("nodding", *[f"{address}/{name}" for name in ("query", "update", "graphs")])
        server.shutdown()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_no_test_passes_on_a_server_that_says_200_to_everything(case: Case, nodding: Server) -> None:
    assert outcome(case, nodding)


def test_tally_is_documented() -> None:
    documented = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    missing = [named(case) for case in CASES if f"| `{case.name}` | {case.clause} | {case.checks} |" not in documented]
    assert missing == []
