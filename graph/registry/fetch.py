"""Fetch records from the registry's API (version 2), page by page, politely and so that it can be gone on with.

In: what to look for, and a folder. Out: pages in that folder (`graph.registry.pages`), which `read_records` reads. A
second run goes on where the first ended. The API is asked no more often than it bears; a busy one is asked again later,
when it says or ever less often. No redirect is followed to another server, and no answer is read without bound.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from equipoise.graph.lock import hold
from equipoise.graph.patience import BUSY, BusyError, Patience, agent, persist, retry_after
from equipoise.graph.registry.pages import Fetched, keep_page, read_state
from equipoise.ontology.errors import RegistryError

__all__ = ["ADDRESS", "MOST_PAGE_SIZE", "Pace", "Wanted", "fetch_records"]

ADDRESS = "https://clinicaltrials.gov/api/v2/studies"
MOST_PAGE_SIZE = 1000
MOST_PAGE_BYTES = 512 << 20
MOST_REDIRECTS = 3
PATIENT = Patience()
LONGEST_COMPLAINT = 300
MOST_EMPTY_PAGES = 100


@dataclass(frozen=True)
class Wanted:
    """What to look for, in the registry's own query language; empty for anything. `since` is the day from which on
    records were last updated."""

    condition: str = ""
    term: str = ""
    intervention: str = ""
    since: Date | None = None

    def parameters(self) -> dict[str, str]:
        """The parameters of the API that say so."""
        said = {
            "query.cond": self.condition,
            "query.term": self.term,
            "query.intr": self.intervention,
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{self.since},MAX]" if self.since else "",
        }
        return {name: text for name, text in said.items() if text}


@dataclass(frozen=True)
class Pace:
    """How the API is asked: how many studies a page, how many seconds apart, and with what patience."""

    page_size: int = 200
    apart_seconds: float = 1.3
    patience: Patience = PATIENT
    timeout_seconds: float = 120.0


class _Page(msgspec.Struct, rename="camel"):
    """A page of the API, its studies as they stand."""

    studies: list[msgspec.Raw]
    next_page_token: str = ""
    total_count: int = 0


DECODER = msgspec.json.Decoder(_Page)


def fetch_records(
    wanted: Wanted,
    folder: Path,
    *,
    address: str = ADDRESS,
    most: int,
    pace: Pace = Pace(),
    report: Callable[[int, int], object] = max,
) -> Fetched:
    """Fetch into a folder until all is there, or as many studies as `most`; `report` is told how many of how many.

    Raises RegistryError if the folder has something else that was asked for, or the API cannot be asked or answers with
    anything but pages; LockError if another process fetches into the folder. What was fetched before stays.
    """
    parameters = wanted.parameters()
    with hold(folder):
        so_far = read_state(folder) or Fetched(address, parameters)
        if (so_far.address, so_far.parameters) != (address, parameters):
            found = f"has what was asked of {so_far.address} with {so_far.parameters or 'nothing'}"
            raise RegistryError(str(folder), found=found, allowed="ask the same, or take another folder")
        with httpx.Client(
            timeout=pace.timeout_seconds,
            follow_redirects=False,
            headers={"User-Agent": agent(), "Accept": "application/json", "Accept-Encoding": "gzip"},
        ) as client:
            api = _Api(client, address, pace)
            while not so_far.is_complete and so_far.studies < most:
                report(so_far.studies, so_far.total)
                so_far = _next(api, folder, so_far, min(pace.page_size, most - so_far.studies))
        report(so_far.studies, so_far.total)
    return so_far


def _next(api: "_Api", folder: Path, so_far: Fetched, page_size: int) -> Fetched:
    """Fetch and keep one more page."""
    first = {"countTotal": "true"} if so_far.pages == 0 else {"pageToken": so_far.next_token}
    page = api.page({**so_far.parameters, "format": "json", "pageSize": str(page_size), **first})
    if len(page.studies) > page_size:
        found = f"gives {len(page.studies)} studies on a page of {page_size}"
        raise RegistryError(api.address, found=found, allowed="must give as many as asked for")
    if page.next_page_token and page.next_page_token in so_far.tokens:
        raise RegistryError(
            api.address, found="names a page as the next that came before", allowed="must come to an end"
        )
    if not page.studies and so_far.pages - so_far.studies > MOST_EMPTY_PAGES:
        raise RegistryError(api.address, found="gives empty pages without end", allowed="must come to an end")
    studies = [_one_line(bytes(study)) for study in page.studies]
    return keep_page(folder, so_far, studies, next_token=page.next_page_token, total=page.total_count)


def _one_line(study: bytes) -> bytes:
    """JSON without line breaks, the bytes as they stand if there are none."""
    return msgspec.json.format(study, indent=-1) if b"\n" in study or b"\r" in study else study


class _Api:
    """The API at an address, asked no more often than its pace allows."""

    def __init__(self, client: httpx.Client, address: str, pace: Pace) -> None:
        self.address = address
        self._client = client
        self._pace = pace
        self._asked = -pace.apart_seconds

    def page(self, parameters: dict[str, str]) -> _Page:
        """One page. Raises RegistryError."""
        try:
            return persist(lambda: self._attempt(parameters), self._pace.patience)
        except BusyError as error:
            wait = f" (it asks to come back in {error.seconds:.0f} s)" if error.seconds else ""
            raise RegistryError(
                self.address,
                found=f"cannot be asked: {error}{wait}",
                allowed="try again later; it goes on where it stopped",
            ) from error

    def _attempt(self, parameters: dict[str, str]) -> _Page:
        try:
            content = self._content(httpx.URL(self.address, params=parameters))
        except httpx.TransportError as error:
            raise BusyError(str(error) or type(error).__name__) from error
        except httpx.DecodingError as error:
            raise BusyError(f"the answer is damaged: {error}") from error
        try:
            return DECODER.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BusyError(f"the answer is no page of studies: {error}") from error

    def _content(self, url: httpx.URL) -> bytes:
        """The bytes of an answer, over redirects within the same server."""
        for _ in range(MOST_REDIRECTS + 1):
            self._wait()
            with self._client.stream("GET", url) as response:
                if response.has_redirect_location:
                    url = self._redirected(url, response.headers["location"])
                    continue
                return self._taken(response)
        raise RegistryError(self.address, found=f"redirects more than {MOST_REDIRECTS} times", allowed="must answer")

    def _wait(self) -> None:
        """Wait until the API may be asked again."""
        time.sleep(max(self._asked + self._pace.apart_seconds - time.monotonic(), 0.0))
        self._asked = time.monotonic()

    def _redirected(self, url: httpx.URL, location: str) -> httpx.URL:
        target = urlsplit(urljoin(str(url), location))
        if (target.scheme, target.netloc) != (url.scheme, url.netloc.decode()):
            found = f"redirects to {target.scheme}://{target.hostname}"
            raise RegistryError(self.address, found=found, allowed="must stay with its server")
        return httpx.URL(target.geturl())

    def _taken(self, response: httpx.Response) -> bytes:
        """The body of an answer, if it is one of JSON and not too large."""
        status = response.status_code
        if status in BUSY:
            raise BusyError(f"the server says {status}", retry_after(response))
        content = bytearray()
        for piece in response.iter_bytes(1 << 16):
            content += piece
            if len(content) > MOST_PAGE_BYTES:
                found = f"answers with more than {MOST_PAGE_BYTES >> 20} MiB"
                raise RegistryError(self.address, found=found, allowed="ask for smaller pages")
            if status != 200 and len(content) > LONGEST_COMPLAINT:
                break
        if status != 200:
            said = " ".join(bytes(content[:LONGEST_COMPLAINT]).decode(errors="replace").split())
            said = "".join(letter for letter in said if letter.isprintable())
            raise RegistryError(
                self.address, found=f"answers with {status}: {said}", allowed="must know what was asked for"
            )
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if kind != "application/json":
            raise RegistryError(self.address, found=f"answers in {kind or 'nothing'}", allowed="must answer in JSON")
        return bytes(content)
