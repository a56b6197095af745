"""YASGUI on a page of another origin: the browser lets it ask, it shows the rows, and nothing calls out."""

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Route

from clients.asked import SELECT, VALUES
from support import ROOT


@pytest.fixture(scope="module")
def page_address(node_modules: Path) -> Iterator[str]:
    """The address of the page, on an origin that is not our server's."""
    files = {
        "/yasgui.html": ROOT / "tests" / "clients" / "yasgui.html",
        "/yasgui/yasgui.min.css": node_modules / "@zazuko" / "yasgui" / "build" / "yasgui.min.css",
        "/yasgui/yasgui.min.js": node_modules / "@zazuko" / "yasgui" / "build" / "yasgui.min.js",
    }

    class Pages(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return str(files.get(urlsplit(path).path, node_modules / "no-such-file"))

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/yasgui.html"
        server.shutdown()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_yasgui_asks_from_another_origin_and_shows_the_rows(
    browser: Browser, page_address: str, server: str, method: str
) -> None:
    called_out, complaints = [], []

    def watch(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1" or route.request.url.startswith("data:"):
            route.continue_()
        else:
            called_out.append(route.request.url)
            route.abort()

    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", watch)
    page.goto(f"{page_address}?{urlencode({'query': SELECT, 'endpoint': f'{server}/sparql', 'method': method})}")
    with page.expect_response(lambda response: response.url.startswith(f"{server}/sparql")) as answered:
        page.click(".yasqe_queryButton")
    assert answered.value.status == 200
    assert answered.value.headers["access-control-allow-origin"] == "*"
    page.wait_for_selector(".yasr table.dataTable tbody tr")
    shown = page.inner_text(".yasr table.dataTable tbody")
    assert [value for value in VALUES if value in shown] == VALUES
    assert called_out == []
    assert complaints == []
    page.close()
