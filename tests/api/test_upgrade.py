"""Clients in Java offer HTTP/2 with the first request on a connection; they are answered in HTTP/1.1, body and all."""

import socket
import time
from urllib.parse import urlsplit

import pytest

QUERY = b'ASK { FILTER(STRLEN("""a\r\nUpgrade: h2c\r\n""") = 17) }'
HEAD = (
    b"POST /sparql HTTP/1.1\r\nHost: evidence.example\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n"
)
HEAD += b"HTTP2-Settings: AAEAAEAA\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n" % len(QUERY)


@pytest.mark.parametrize("pieces", [[HEAD + QUERY], [HEAD, QUERY], [HEAD, QUERY[:30], QUERY[30:]]], ids=len)
def test_offer_of_http_2_is_passed_over_and_the_body_is_read_as_it_was_sent(server: str, pieces: list[bytes]) -> None:
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"boolean":true' in answer.replace(b" ", b"")
