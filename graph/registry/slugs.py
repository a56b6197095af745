"""Path segments for the things of one record: from their names, each once among its neighbours."""

from functools import lru_cache

from equipoise.ontology.iri import slug

__all__ = ["Slugs"]

LONGEST = 48


class Slugs:
    """The segments given out so far below one IRI; a name that comes again gets `-2`, `-3`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str, position: int) -> str:
        """A segment for a name; its position, counted from 1, where the name has no letter or digit of ASCII."""
        base = shortened(name) or str(position)
        segment, number = base, 2
        while segment in self._taken:
            segment = f"{base}-{number}"
            number += 1
        self._taken.add(segment)
        return segment


@lru_cache(maxsize=1 << 15)
def shortened(name: str) -> str:
    """The slug of a name, cut to 48 characters; empty where nothing is left of it."""
    try:
        return slug(name)[:LONGEST].rstrip("-")
    except ValueError:
        return ""
