"""The settings: each with its default and meaning, read once from the environment.

They stand in this layer, not in `api`, because Python users enter through `open_store` and must find the same store as
the command line and the server. Everything else takes what it needs as an argument.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import platformdirs

from equipoise.ontology.errors import SettingError

__all__ = ["DefaultGraph", "Settings", "plain_address", "writers"]

DefaultGraph = Literal["union", "strict"]
"""What a query without a dataset is asked of: the union of all graphs, or the store's own default graph alone."""

Choice = TypeVar("Choice", bound=str)
ENGINE_NAMES = ("", "generic", "oxigraph", "fuseki", "virtuoso")

SHORTEST_TOKEN = 8
"""Characters below which a token is no secret."""


@dataclass(frozen=True)
class Settings:
    """Where things are, and how far a query may go. Each is set by `EQUIPOISE_` and its name in capitals."""

    data: Path = Path()
    """The folder that holds the releases. Default: the user's data folder."""

    store: str = ""
    """The address of a SPARQL endpoint to ask instead of the embedded store; empty for the embedded one."""

    store_engine: str = ""
    """What the endpoint is: generic, oxigraph, fuseki or virtuoso; empty to tell by its answers."""

    store_update: str = ""
    """The address that takes updates of the endpoint's store; empty to guess it from the endpoint's."""

    store_graphs: str = ""
    """The address that speaks the Graph Store Protocol; empty to guess it likewise."""

    store_user: str = ""
    """Who asks the endpoint; empty for nobody in particular. From the environment only."""

    store_password: str = field(default="", repr=False)
    """The password of that user. From the environment only, and never shown."""

    sources: Path | None = None
    """The folder of source texts that citations are verified against; none by default."""

    registry: str = "https://clinicaltrials.gov/api/v2/studies"
    """The address of the registry's API that records are fetched from."""

    default_graph: DefaultGraph = "union"
    """What a query without a dataset is asked of: `union` of all graphs, or `strict`, the default graph alone."""

    release: str = ""
    """The release that is asked, by identifier or the beginning of one; empty: the one in service. A service and every
    write go by the one in service."""

    keep_releases: int = 0
    """How many releases are kept, the newest ones and the one in service; 0: all."""

    services: tuple[str, ...] = ()
    """The endpoints that SERVICE may ask, several separated by spaces; none by default."""

    service_seconds: float = 10.0
    """How long such an endpoint may take to answer."""

    query_seconds: float = 30.0
    """The wall-clock time after which a query is stopped."""

    query_rows: int = 1_000_000
    """The number of rows, or triples, after which an answer is cut."""

    query_megabytes: int = 2048
    """The memory that the process of one query may take for its data, in MiB."""

    answer_megabytes: int = 256
    """The size above which an answer is refused, in MiB."""

    query_workers: int = field(default_factory=lambda: (os.cpu_count() or 1) + 2)
    """How many processes answer free SPARQL queries. Two are not for slow ones. Default: two more than processors."""

    query_places: int = 256
    """How many free SPARQL queries may run or wait; one more is sent away."""

    page_workers: int = 2
    """How many processes answer the questions of the catalogue and the pages."""

    cache_megabytes: int = 64
    """How much memory the answers that are kept ready may take, in MiB; they are kept for one release."""

    write_token: str = field(default="", repr=False)
    """Who may write: `name=token`, several separated by spaces; a token alone is called writer. Empty: nobody."""

    write_seconds: float = 300.0
    """The wall-clock time after which a write is stopped."""

    write_megabytes: int = 4096
    """The memory that the process of one write may take for its data, in MiB."""

    body_megabytes: int = 64
    """The size above which the body of a write is refused, in MiB."""

    ontology_seconds: float = 1800.0
    """The wall-clock time after which the reading of an external ontology is stopped."""

    ontology_megabytes: int = 8192
    """The memory that the process which reads one may take for its data, in MiB."""

    file_megabytes: int = 16_384
    """The size above which the file of one is refused, as it is sent and unpacked, in MiB."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises SettingError with name, value and what is allowed."""
        data, sources = _text(environment, "data"), _text(environment, "sources")
        return cls(
            data=Path(data).expanduser() if data else platformdirs.user_data_path("equipoise", appauthor=False),
            store=_address(environment, "store"),
            store_engine=_choice(environment, "store_engine", ENGINE_NAMES),
            store_update=_address(environment, "store_update"),
            store_graphs=_address(environment, "store_graphs"),
            store_user=_text(environment, "store_user"),
            store_password=_text(environment, "store_password"),
            registry=_address(environment, "registry") or cls.registry,
            sources=Path(sources).expanduser() if sources else None,
            default_graph=_choice(environment, "default_graph", ("union", "strict")),
            release=_text(environment, "release"),
            keep_releases=_whole(environment, "keep_releases", default=0, least=0, most=1_000_000),
            services=_addresses(environment, "services"),
            service_seconds=_number(environment, "service_seconds", default=cls.service_seconds, most=3600),
            query_seconds=_number(environment, "query_seconds", default=cls.query_seconds, most=3600),
            query_rows=_whole(environment, "query_rows", default=cls.query_rows, most=10**12),
            query_megabytes=_whole(environment, "query_megabytes", default=cls.query_megabytes, most=1 << 20),
            answer_megabytes=_whole(environment, "answer_megabytes", default=cls.answer_megabytes, most=1 << 20),
            query_workers=_whole(environment, "query_workers", default=cls().query_workers, least=2, most=256),
            query_places=_whole(environment, "query_places", default=cls.query_places, most=10_000),
            page_workers=_whole(environment, "page_workers", default=cls.page_workers, most=256),
            cache_megabytes=_whole(environment, "cache_megabytes", default=cls.cache_megabytes, most=1 << 20),
            write_token=_tokens(environment, "write_token"),
            write_seconds=_number(environment, "write_seconds", default=cls.write_seconds, most=86400),
            write_megabytes=_whole(environment, "write_megabytes", default=cls.write_megabytes, most=1 << 20),
            body_megabytes=_whole(environment, "body_megabytes", default=cls.body_megabytes, most=1 << 20),
            ontology_seconds=_number(environment, "ontology_seconds", default=cls.ontology_seconds, most=86400),
            ontology_megabytes=_whole(environment, "ontology_megabytes", default=cls.ontology_megabytes, most=1 << 20),
            file_megabytes=_whole(environment, "file_megabytes", default=cls.file_megabytes, most=1 << 20),
        )


def writers(text: str) -> tuple[tuple[str, str], ...]:
    """The names and tokens of those who may write. Raises SettingError, which shows none of them."""
    found = [part.partition("=") if "=" in part else ("writer", "=", part) for part in text.split()]
    for place, (name, _, token) in enumerate(found, start=1):
        if len(token) < SHORTEST_TOKEN or not token.isascii() or not re.fullmatch(r"[A-Za-z][\w.@-]*", name):
            raise SettingError(
                _variable("write_token"),
                found=f"token {place} is not a name and a token of {SHORTEST_TOKEN} ASCII characters or more",
                allowed="must be name=token, several separated by spaces",
            )
    return tuple((name, token) for name, _, token in found)


def _variable(name: str) -> str:
    return f"EQUIPOISE_{name.upper()}"


def _text(environment: Mapping[str, str], name: str) -> str:
    return environment.get(_variable(name), "")


def _address(environment: Mapping[str, str], name: str) -> str:
    text = _text(environment, name)
    return plain_address(text, where=_variable(name)) if text else ""


def _addresses(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    addresses = tuple(_text(environment, name).split())
    return tuple(plain_address(address, where=_variable(name)) for address in addresses)


def plain_address(address: str, *, where: str) -> str:
    """The address, if it is one and has no credentials in it. Raises SettingError, which does not repeat those."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        shown = address.rpartition("@")[2]
        raise SettingError(where, found=f"is {shown!r}", allowed="must be empty or an http(s) address")
    if "@" in parts.netloc:
        allowed = "set EQUIPOISE_STORE_USER and EQUIPOISE_STORE_PASSWORD instead"
        raise SettingError(where, found="is an address with credentials in it", allowed=allowed)
    return address


def _choice(environment: Mapping[str, str], name: str, allowed: tuple[Choice, ...]) -> Choice:
    """One of the values allowed, of which the first is the default."""
    text = _text(environment, name) or allowed[0]
    for choice in allowed:
        if text == choice:
            return choice
    listed = " or ".join(choice for choice in allowed if choice)
    raise SettingError(_variable(name), found=f"is {text!r}", allowed=f"must be {listed}")


def _tokens(environment: Mapping[str, str], name: str) -> str:
    text = _text(environment, name)
    writers(text)
    return text


def _number(environment: Mapping[str, str], name: str, *, default: float, most: float) -> float:
    text = _text(environment, name)
    try:
        number = float(text) if text else default
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise SettingError(_variable(name), found=f"is {text!r}", allowed=f"must be above 0 and at most {most:g}")
    return number


def _whole(environment: Mapping[str, str], name: str, *, default: int, most: int, least: int = 1) -> int:
    if least == 0 and _text(environment, name) in ("", "0"):
        return 0
    number = _number(environment, name, default=default, most=most)
    if number != int(number):
        raise SettingError(_variable(name), found=f"is {number:g}", allowed="must be a whole number")
    if number < least:
        raise SettingError(_variable(name), found=f"is {number:g}", allowed=f"must be at least {least}")
    return int(number)
