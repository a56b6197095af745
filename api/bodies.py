"""Read the body of a request, within bounds of its own and of all bodies together."""

from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from equipoise.ontology.errors import LimitError, RequestError

__all__ = ["Bodies", "read_body"]


@dataclass
class Bodies:
    """The bytes that the bodies may have together which are being read."""

    left: int


async def read_body(request: Request, most: int, bodies: Bodies) -> bytes:
    """The body of a request. Raises RequestError if it is too long or packed, LimitError for want of room."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError("Content-Encoding", found="is not identity", allowed="must be sent unpacked", status=415)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            bodies.left -= len(chunk)
            if len(body) > most:
                raise RequestError("body", found="is too long", allowed=f"at most {most} bytes", status=413)
            if bodies.left < 0:
                raise LimitError("body", found="finds no room now", allowed="try again later", retry_seconds=5)
    except ClientDisconnect as error:
        raise RequestError("body", found="did not come", allowed="the client left", status=408) from error
    finally:
        bodies.left += len(body)
    return bytes(body)
