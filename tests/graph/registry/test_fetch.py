"""Fetching from a server on loopback that answers as the registry's API does, and as it should not."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from equipoise.graph.patience import Patience
from equipoise.graph.registry import fetch
from equipoise.graph.registry.fetch import Pace, Wanted, fetch_records
from equipoise.graph.registry.pages import Fetched
from equipoise.graph.registry.reading import RawRecord, read_records
from equipoise.ontology.errors import LockError, RegistryError
from support import equipoise

QUICK = Pace(
    page_size=10,
    apart_seconds=0.0,
    patience=Patience(tries=3, first_pause_seconds=0.01, longest_pause_seconds=1.5),
    timeout_seconds=0.5,
)
STUDIES = [
    {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08d}"}}, "hasResults": False}
    for number in range(35)
]
Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Registry:
    """A server with 35 studies, which answers the n-th request (from 0) otherwise where a function says so."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.times: list[float] = []
        self.otherwise: dict[int, Answer] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked.append(dict(parse_qsl(urlsplit(self.path).query)))
                registry.times.append(time.monotonic())
                number = len(registry.asked) - 1
                registry.otherwise.get(number, registry.page)(self, number)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/api/v2/studies"

    def page(self, request: BaseHTTPRequestHandler, number: int) -> None:
        send(request, json.dumps(self.document(number)).encode())

    def document(self, number: int) -> dict[str, object]:
        asked = self.asked[number]
        start = int(asked.get("pageToken", "at-0").removeprefix("at-"))
        end = start + int(asked["pageSize"])
        document: dict[str, object] = {"studies": STUDIES[start:end]}
        if end < len(STUDIES):
            document["nextPageToken"] = f"at-{end}"
        if asked.get("countTotal") == "true":
            document["totalCount"] = len(STUDIES)
        return document

    def always(self, answer: Answer) -> None:
        self.otherwise = dict.fromkeys(range(1000), answer)


def send(
    request: BaseHTTPRequestHandler,
    content: bytes,
    *,
    status: int = 200,
    kind: str = "application/json",
    cut: int | None = None,
    **headers: str,
) -> None:
    """Answer, and if `cut` is given, close the connection behind so many bytes."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(content)), "Content-Type": kind, **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(content if cut is None else content[:cut])


@pytest.fixture
def registry() -> Iterator[Registry]:
    registry = Registry()
    thread = threading.Thread(target=registry.http.serve_forever, daemon=True)
    thread.start()
    yield registry
    registry.http.shutdown()
    registry.http.server_close()
    thread.join()


def run(registry: Registry, folder: Path, *, most: int = 1000, term: str = "liver", pace: Pace = QUICK) -> Fetched:
    return fetch_records(Wanted(term=term), folder, address=registry.address, most=most, pace=pace)


def numbers(folder: Path) -> list[int]:
    """The studies of a folder, by number; there is nothing but records in it."""
    found = list(read_records([folder]))
    assert all(isinstance(item, RawRecord) for item in found)
    nct = [json.loads(item.content or b"")["protocolSection"]["identificationModule"]["nctId"] for item in found]
    return [int(text.removeprefix("NCT")) for text in nct]


def test_all_pages_are_fetched_once(registry: Registry, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    wanted = Wanted("cancer", "liver OR hepatic", "sorafenib", date(2026, 1, 2))
    fetched = fetch_records(
        wanted,
        tmp_path,
        address=registry.address,
        most=1000,
        pace=QUICK,
        report=lambda done, total: told.append((done, total)),
    )
    assert (fetched.pages, fetched.studies, fetched.total, fetched.is_complete) == (4, 35, 35, True)
    assert numbers(tmp_path) == list(range(35))
    assert told == [(0, 0), (10, 35), (20, 35), (30, 35), (35, 35)]
    assert registry.asked[1] == {
        "query.cond": "cancer",
        "query.term": "liver OR hepatic",
        "query.intr": "sorafenib",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-02,MAX]",
        "format": "json",
        "pageSize": "10",
        "pageToken": "at-10",
    }


def test_finished_fetch_asks_nothing_more(registry: Registry, tmp_path: Path) -> None:
    first = run(registry, tmp_path)
    assert run(registry, tmp_path) == first
    assert len(registry.asked) == 4


def test_fetch_ends_at_the_most_and_goes_on_from_there(registry: Registry, tmp_path: Path) -> None:
    assert run(registry, tmp_path, most=13).studies == 13
    assert [asked["pageSize"] for asked in registry.asked] == ["10", "3"]
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))


def test_other_question_in_the_same_folder_is_refused(registry: Registry, tmp_path: Path) -> None:
    run(registry, tmp_path, most=10)
    with pytest.raises(RegistryError, match="ask the same, or take another folder"):
        run(registry, tmp_path, term="kidney")
    assert len(registry.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_api_is_asked_again(registry: Registry, tmp_path: Path, status: int) -> None:
    registry.otherwise = dict.fromkeys((1, 2), lambda request, _: send(request, b"", status=status))
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))
    assert registry.asked[1] == registry.asked[2] == registry.asked[3]


def test_api_is_not_asked_before_it_said(registry: Registry, tmp_path: Path) -> None:
    registry.otherwise = {1: lambda request, _: send(request, b"", status=429, Retry_After="1")}
    assert run(registry, tmp_path, most=20).studies == 20
    assert registry.times[2] - registry.times[1] >= 1.0


def test_api_that_says_much_later_is_left_alone(registry: Registry, tmp_path: Path) -> None:
    registry.otherwise = {1: lambda request, _: send(request, b"", status=503, Retry_After="3600")}
    with pytest.raises(RegistryError, match=r"the server says 503 \(it asks to come back in 3600 s\); try again later"):
        run(registry, tmp_path)
    assert len(registry.asked) == 2
    assert run(registry, tmp_path).is_complete


def test_requests_keep_their_distance(registry: Registry, tmp_path: Path) -> None:
    run(registry, tmp_path, pace=Pace(page_size=10, apart_seconds=0.2))
    assert all(after - before >= 0.15 for before, after in zip(registry.times, registry.times[1:], strict=False))


def cut_off(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b'{"studies": [' + b" " * 1000, cut=500)


def silent(request: BaseHTTPRequestHandler, _: int) -> None:
    time.sleep(0.8)


def half_json(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b'{"studies": [')


def no_page(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b'{"studies": 3}')


def no_gzip(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b"not packed", Content_Encoding="gzip")


@pytest.mark.parametrize("failure", [cut_off, silent, half_json, no_page, no_gzip])
def test_answer_that_fails_once_is_asked_for_again(registry: Registry, tmp_path: Path, failure: Answer) -> None:
    registry.otherwise = {1: failure}
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))


@pytest.mark.parametrize("failure", [cut_off, half_json, no_page, no_gzip])
def test_answer_that_always_fails_is_given_up_without_loss(registry: Registry, tmp_path: Path, failure: Answer) -> None:
    registry.otherwise = dict.fromkeys(range(2, 5), failure)
    with pytest.raises(RegistryError, match="cannot be asked: .*; try again later; it goes on where it stopped"):
        run(registry, tmp_path)
    assert numbers(tmp_path) == list(range(20))
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))


def elsewhere(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b"", status=302, Location="http://127.0.0.2/api/v2/studies")


def to_file(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b"", status=302, Location="file:///etc/hostname")


def in_circles(request: BaseHTTPRequestHandler, _: int) -> None:
    send(request, b"", status=307, Location=request.path)


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        (elsewhere, "redirects to http://127.0.0.2; must stay with its server"),
        (to_file, "redirects to file://None; must stay with its server"),
        (in_circles, "redirects more than 3 times"),
        (
            lambda request, _: send(request, b"bad\n\x1b[2J query", status=400, kind="text/plain"),
            r"400: bad \[2J query",
        ),
        (lambda request, _: send(request, b"<html>", kind="text/html; charset=utf-8"), "answers in text/html"),
        (
            lambda request, _: send(request, json.dumps({"studies": STUDIES}).encode()),
            "gives 35 studies on a page of 10",
        ),
    ],
)
def test_answer_of_no_such_api_is_refused(registry: Registry, tmp_path: Path, answer: Answer, match: str) -> None:
    registry.always(answer)
    with pytest.raises(RegistryError, match=match):
        run(registry, tmp_path)
    assert numbers(tmp_path) == []


def test_redirect_within_the_server_is_followed(registry: Registry, tmp_path: Path) -> None:
    registry.otherwise = {0: lambda request, _: send(request, b"", status=301, Location=request.path + "&again=1")}
    assert run(registry, tmp_path).is_complete


def test_pages_that_come_again_end_the_fetch(registry: Registry, tmp_path: Path) -> None:
    registry.always(lambda request, _: send(request, b'{"studies": [{"a": 1}], "nextPageToken": "same"}'))
    with pytest.raises(RegistryError, match="names a page as the next that came before"):
        run(registry, tmp_path)
    assert len(registry.asked) == 2


def test_empty_pages_without_end_end_the_fetch(registry: Registry, tmp_path: Path) -> None:
    registry.always(lambda request, number: send(request, b'{"studies": [], "nextPageToken": "%d"}' % number))
    with pytest.raises(RegistryError, match="empty pages without end"):
        run(registry, tmp_path)


def test_answer_without_bound_is_refused(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_PAGE_BYTES", 1 << 16)
    registry.always(lambda request, _: send(request, b" " * (1 << 20)))
    with pytest.raises(RegistryError, match="ask for smaller pages"):
        run(registry, tmp_path)


def test_pretty_pages_are_kept_a_study_a_line(registry: Registry, tmp_path: Path) -> None:
    registry.always(lambda request, number: send(request, json.dumps(registry.document(number), indent=2).encode()))
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))


def test_damaged_state_is_an_error(registry: Registry, tmp_path: Path) -> None:
    run(registry, tmp_path, most=10)
    (tmp_path / "fetch.state").write_text("{")
    with pytest.raises(RegistryError, match="take the folder away, and fetch anew"):
        run(registry, tmp_path)


def test_second_fetch_into_a_folder_is_told_to_wait(registry: Registry, tmp_path: Path) -> None:
    refused: list[LockError] = []

    def meanwhile(done: int, total: int) -> None:
        if done == 10:
            with pytest.raises(LockError) as raised:
                run(registry, tmp_path)
            refused.append(raised.value)

    fetch_records(Wanted(term="liver"), tmp_path, address=registry.address, most=20, pace=QUICK, report=meanwhile)
    assert len(refused) == 1


def test_fetch_that_is_killed_goes_on_without_loss(registry: Registry, tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from equipoise.graph.registry.fetch import Pace, Wanted, fetch_records
        pace = Pace(page_size=1, apart_seconds=0.02)
        fetch_records(Wanted(term="liver"), Path(sys.argv[1]), address=sys.argv[2], most=1000, pace=pace)
    """)
    for pages in (3, 9, 17):
        process = subprocess.Popen([sys.executable, "-P", "-c", program, str(tmp_path), registry.address])
        deadline = time.monotonic() + 30
        while len(registry.asked) < pages and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        held = numbers(tmp_path)
        assert held == list(range(len(held)))
    assert run(registry, tmp_path).is_complete
    assert numbers(tmp_path) == list(range(35))


def test_command_fetches_and_lists_what_was_refused(registry: Registry, tmp_path: Path) -> None:
    environment = {**os.environ, "EQUIPOISE_DATA": str(tmp_path), "EQUIPOISE_REGISTRY": registry.address}
    command = (
        "registry",
        "fetch",
        "--condition",
        "cancer",
        "--since",
        "2026-01-02",
        "--max",
        "20",
        "--page-size",
        "20",
    )
    first = equipoise(*command, environment=environment)
    assert (first.returncode, first.stdout.partition(" records")[0]) == (0, "20 of 35")
    again = equipoise(*command[:-4], "--max", "100", environment=environment)
    assert again.stdout.startswith("complete: 35 records in ")
    nothing = equipoise("registry", "fetch", environment=environment)
    assert nothing.returncode == 2 and "asks for nothing in particular" in nothing.stderr
    assert equipoise("registry", "quarantine", environment=environment).returncode == 0
