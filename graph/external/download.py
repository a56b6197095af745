"""Fetch a file over HTTP, politely and so that it can be gone on with: only when somebody asks for it.

In: an address. Out: a file in the folder of downloads, whole. What has come so far stands beside its validator (`.part`
and `.json`); the next attempt asks for the rest, and begins anew where the file has changed meanwhile. A server that is
busy is asked again later, when it says or ever less often. No redirect leads from https to http, or elsewhere.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from equipoise.graph.external.shelf import file_hash
from equipoise.graph.patience import BUSY, BusyError, Patience, agent, persist, retry_after
from equipoise.ontology.errors import OntologyError

__all__ = ["Patience", "download", "file_name"]

MOST_REDIRECTS = 10
REDIRECTS = (301, 302, 303, 307, 308)
TIMEOUT = httpx.Timeout(60.0, connect=20.0)


PATIENT = Patience()


def file_name(address: str) -> str:
    """The name of the file that an address is of. Raises OntologyError if it is no address of one."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        good = False
    name = re.sub(r"[^\w.-]", "_", parts.path.rpartition("/")[2]) if good else ""
    if not name.strip("._"):
        shown = address.rpartition("@")[2]
        raise OntologyError(shown, found="is no address of a file", allowed="must be http(s), without credentials")
    return name


def download(
    address: str,
    folder: Path,
    *,
    most_bytes: int,
    sha256: str = "",
    patience: Patience = PATIENT,
    report: Callable[[int, int], object] = max,
) -> Path:
    """Fetch the file of an address; `report` is told how many bytes there are, and of how many (0: nobody knows).

    Raises OntologyError if it cannot be fetched, is too large, or has not the SHA-256 it should have; what was fetched
    before stays, but for a file with another hash.
    """
    name = file_name(address)
    place = folder / hashlib.sha256(address.encode()).hexdigest()[:12]
    fetch = _Fetch(address, place / name, most_bytes, report)
    try:
        place.mkdir(parents=True, exist_ok=True)
        _persist(fetch, patience)
        found = file_hash(fetch.part)
        if sha256 and found != sha256.lower():
            fetch.forget()
            raise OntologyError(address, found=f"has the SHA-256 {found}", allowed=f"must be {sha256.lower()}")
        fetch.part.rename(fetch.path)
        fetch.validator_file.unlink(missing_ok=True)
    except OSError as error:
        raise OntologyError(
            str(place), found=f"cannot be written: {error}", allowed="must be a folder with room"
        ) from error
    return fetch.path


def _persist(fetch: "_Fetch", patience: Patience) -> None:
    """Go on with a fetch until it is done; what goes on, if in pieces, is no failure."""
    try:
        persist(fetch.attempt, patience, progress=fetch.size)
    except BusyError as error:
        found = f"cannot be fetched: {error}"
        raise OntologyError(
            fetch.address, found=found, allowed="try again later; it goes on where it stopped"
        ) from error


class _Fetch:
    """One file on its way."""

    def __init__(self, address: str, path: Path, most_bytes: int, report: Callable[[int, int], object]) -> None:
        self.address = address
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.validator_file = path.with_name(path.name + ".json")
        self._most = most_bytes
        self._report = report

    def size(self) -> int:
        """How many bytes there are."""
        return self.part.stat().st_size if self.part.exists() else 0

    def forget(self) -> None:
        """Take away what there is."""
        self.part.unlink(missing_ok=True)
        self.validator_file.unlink(missing_ok=True)

    def attempt(self) -> None:
        """Fetch what is missing. Raises BusyError if that may go on later, OntologyError if it will not."""
        validator = self._validator()
        if not validator:
            self.forget()
        have = self.size()
        headers = {"Accept-Encoding": "identity", "User-Agent": agent()}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": validator}
        try:
            with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
                self._follow(client, headers, have)
        except httpx.TransportError as error:
            raise BusyError(str(error) or type(error).__name__) from error

    def _follow(self, client: httpx.Client, headers: dict[str, str], have: int) -> None:
        address = self.address
        for _ in range(MOST_REDIRECTS):
            with client.stream("GET", address, headers=headers) as response:
                if response.status_code in REDIRECTS and "location" in response.headers:
                    address = _redirected(address, response.headers["location"])
                    continue
                self._take(response, have)
                return
        raise OntologyError(
            self.address, found=f"redirects more than {MOST_REDIRECTS} times", allowed="must lead to a file"
        )

    def _take(self, response: httpx.Response, have: int) -> None:
        """Write what a response brings behind what there is, or in its place."""
        status = response.status_code
        if status in BUSY:
            raise BusyError(f"the server says {status}", retry_after(response))
        if status == 416 or (status == 206 and not _goes_on(response, have)):
            self.forget()
            raise BusyError("the server has less than was fetched before")
        if status not in (200, 206):
            raise OntologyError(self.address, found=f"is answered with {status}", allowed="must be there to fetch")
        have = have if status == 206 else 0
        length = response.headers.get("content-length", "")
        total = have + int(length) if length.isdigit() else 0
        self._refuse_large(max(total, have))
        self._keep_validator(response)
        with open(self.part, "ab" if have else "wb") as file:
            for piece in response.iter_raw():
                file.write(piece)
                have += len(piece)
                self._refuse_large(have)
                self._report(have, total)
        if total and have != total:
            raise BusyError(f"{have} of {total} bytes came")

    def _refuse_large(self, size: int) -> None:
        if size > self._most:
            self.forget()
            found = f"is larger than {self._most >> 20} MiB"
            raise OntologyError(self.address, found=found, allowed="raise EQUIPOISE_FILE_MEGABYTES if it may be")

    def _validator(self) -> str:
        """By what the server tells whether the file is still the one of which there is a part; empty if by nothing."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads(self.validator_file.read_text(encoding="utf-8"))["validator"])
        return ""

    def _keep_validator(self, response: httpx.Response) -> None:
        etag = response.headers.get("etag", "")
        validator = (
            etag if etag.startswith('"') else response.headers.get("last-modified", "")
        )  # weak ones are for no part
        self.validator_file.write_text(json.dumps({"address": self.address, "validator": validator}), encoding="utf-8")


def _redirected(address: str, location: str) -> str:
    """Where a redirect leads. Raises OntologyError if it may not lead there."""
    target = urljoin(address, location)
    before, after = urlsplit(address).scheme, urlsplit(target).scheme
    if after not in ("http", "https") or (before, after) == ("https", "http"):
        raise OntologyError(
            address, found=f"redirects from {before} to {after}", allowed="must stay with http or https"
        )
    return target


def _goes_on(response: httpx.Response, have: int) -> bool:
    """Whether a partial response begins where what there is ends."""
    return str(response.headers.get("content-range", "")).startswith(f"bytes {have}-")
