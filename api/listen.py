"""Listen for HTTP and answer until told to stop; requests under way are then answered first.

uvicorn parses and answers. What it leaves open is closed in `bounds`.
"""

import asyncio
import gc
import logging
import resource
import signal
import socket
import sys
from contextlib import suppress

import uvicorn
import uvloop

from equipoise.api import terminal
from equipoise.api.app import create_app
from equipoise.api.bounds import BoundedProtocol
from equipoise.api.log import Log
from equipoise.api.serving import Service
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError

__all__ = ["serve_forever"]

SHUTDOWN_SECONDS = 30
"""How long requests under way may take to end when the service is told to stop."""

CONNECTIONS = 2000
"""How many connections may be open; one more is answered 503."""

FILES = 8192
"""How many files, connections among them, the process asks the system to let it open."""


def serve_forever(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises SettingError if the address is taken, ReleaseError without a release."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise SettingError(
            f"{host}:{port}", found=f"cannot be listened on: {error.strerror}", allowed="choose another --port"
        ) from error
    with listener, suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    log = Log(sys.stderr)
    service = Service(settings, log)
    await service.open()
    try:
        address, port = listener.getsockname()[:2]
        name = f"[{address}]" if ":" in address else address
        terminal.say(f"Equipoise serves release {service.serving.release} at http://{name}:{port}/")
        gc.collect()
        gc.freeze()  # what lives as long as the service need not be looked through again and again
        signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn repeats the signal to us when it has ended
        await uvicorn.Server(_config(service, log)).serve(sockets=[listener])
    finally:
        await service.close()


def _connections() -> int:
    """How many connections may be open, after asking for as many files as the system allows; some are for the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft * 3 // 4)


def _config(service: Service, log: Log) -> uvicorn.Config:
    logger = logging.getLogger("uvicorn.error")
    logger.addHandler(_Relay(log))
    logger.propagate = False
    return uvicorn.Config(
        create_app(service),
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_connections(),
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


class _Relay(logging.Handler):
    """Takes what uvicorn has to say into the service's log."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message, with the error it is about."""
        text = logging.Formatter().formatException(record.exc_info) if record.exc_info else None
        self._log.event("server", level=record.levelname.lower(), message=record.getMessage(), traceback=text)
