"""Who may write over HTTP, and the way a write takes: a bearer's token, a change, and the new release in service.

The token of a request is compared with every token of the settings, in a time that does not tell how much of it was
right. The name that goes with the token is the "who" of the history; "why" is the header `Equipoise-Reason` or the
parameter `reason`.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from equipoise.graph.change import Change
from equipoise.graph.revise import Revision
from equipoise.graph.settings import Settings, writers
from equipoise.graph.writer import Writer
from equipoise.ontology.errors import AccessError, RequestError

__all__ = ["Writing", "reason", "written"]

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Writing:
    """What writes need: the settings, a writer where this service has a data folder of its own, and how the service is
    told to serve the release that is then in service.
    """

    settings: Settings
    writer: Writer | None
    reload: Callable[[], Awaitable[object]]

    def allow(self, request: Request) -> str:
        """The name of the writer that a request comes from. Raises AccessError if it may not write."""
        known = writers(self.settings.write_token)
        if name := request.scope.get("release"):
            found = f"is {name!r}, and a release never changes"
            raise RequestError("release", found=found, allowed="write to the one in service, without release")
        if self.writer is None:
            found = "writing is off: this service asks another engine"
            raise AccessError("request", found=found, allowed="write to that engine", status=403)
        if not known:
            raise AccessError("request", found="writing is off", allowed="set EQUIPOISE_WRITE_TOKEN", status=403)
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        token = sent.strip().encode() if scheme.lower() == "bearer" else b""
        found_names = [name for name, secret in known if hmac.compare_digest(secret.encode(), token)]
        if not found_names:
            found = "has no token of a writer" if token else "has no token"
            raise AccessError("request", found=found, allowed="send Authorization: Bearer TOKEN", status=401)
        return found_names[0]

    async def make(self, change: Change, *, who: str, why: str | None) -> Revision:
        """Make a change; when this returns, the service serves what it led to."""
        assert self.writer is not None
        revision = await run_in_threadpool(self.writer.revise, change, who=who, why=why)
        await self.reload()
        return revision


def written(revision: Revision, *, location: str | None = None) -> Response:
    """The answer to a write: whether it made a graph, the release it led to, and where the graph is if it was named."""
    headers = {"Equipoise-Release": revision.release.id}
    if location:
        headers["Location"] = location
    return Response(status_code=201 if revision.created else 204, headers=headers)


def reason(request: Request, given: str | None = None) -> str | None:
    """Why a write is made, as the request says or as a form did; None if it does not say."""
    text = given or request.query_params.get("reason") or _header(request, "Equipoise-Reason")
    if len(text) > LONGEST_REASON:
        raise RequestError("reason", found="is too long", allowed=f"at most {LONGEST_REASON} characters")
    return text.strip() or None


def _header(request: Request, name: str) -> str:
    """A header as UTF-8, which is what people send, or as it came."""
    text = request.headers.get(name, "")
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
