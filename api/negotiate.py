"""Choose the format of an answer from what a client says it accepts.

`?format=` with a short name comes before the Accept header: a link in a page can ask for Turtle. Where a client accepts
everything, the first format offered is taken.
"""

from collections.abc import Sequence

import mimeparse

from equipoise.ontology.errors import FormatError

__all__ = ["HTML", "choose_format"]

HTML = "text/html"


def choose_format(accept: str, asked: str | None, offered: Sequence[tuple[str, str]]) -> str:
    """The short name of the format to send. `offered` are pairs of short name and media type, the usual one first.

    A name may be offered under several media types. Raises FormatError with what is offered if nothing fits.
    """
    names = list(dict.fromkeys(name for name, _ in offered))
    if asked is not None:
        if asked in names:
            return asked
        raise FormatError("format", found=f"is {asked!r}", allowed=f"must be one of {', '.join(names)}")
    by_type = {media_type: name for name, media_type in reversed(offered)}
    try:
        best = mimeparse.best_match([media_type for _, media_type in reversed(offered)], accept or "*/*")
    except mimeparse.MimeTypeParseException:
        best = ""
    if not best:
        allowed = ", ".join(dict.fromkeys(media_type for _, media_type in offered))
        raise FormatError("Accept", found=f"is {accept!r}", allowed=f"must allow one of {allowed}")
    return by_type[best]
