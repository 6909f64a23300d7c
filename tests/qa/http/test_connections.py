"""The service under connections that keep it waiting."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest
from fastapi import FastAPI

from index.article import Draft, Paragraph, Span
from qa.http.connections import Connections
from qa.settings import Settings
from tests.qa.http.conftest import PATIENCE, open_fake, served

HALF = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HALF + b"\r\n"

MANY = 30_000_000
"""Bytes, more than the system keeps for who does not read."""


@contextmanager
def guarded(app: FastAPI, most: int = 20, header: float = 60, send: float = 60) -> Iterator[int]:
    """The port of a service that takes so many connections."""
    with served(app, connections=Connections(most, header, send)) as (url, _):
        yield int(url.rpartition(":")[2])


def opened(stack: ExitStack, port: int, sent: bytes = b"") -> socket.socket:
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
    connection.sendall(sent)
    return connection


def rest(connection: socket.socket) -> bytes:
    """What comes until the service closes the connection."""
    read = bytearray()
    try:
        while piece := connection.recv(65536):
            read += piece
    except ConnectionResetError:
        pass
    return bytes(read)


def is_alive(port: int) -> bool:
    return httpx2.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize("sent", [b"", b"\r\n", HALF, WHOLE + HALF])
def test_connections_without_a_request_keep_nobody_out(app: FastAPI, sent: bytes) -> None:
    with guarded(app, most=20) as port, ExitStack() as stack:
        for _ in range(100):
            opened(stack, port, sent)

        assert is_alive(port)


def test_a_connection_without_a_request_is_closed_in_time(app: FastAPI) -> None:
    with guarded(app, header=0.3) as port, ExitStack() as stack:
        silent, half = opened(stack, port), opened(stack, port, HALF)

        assert rest(silent) == b""
        assert rest(half).startswith(b"HTTP/1.1 408 ")


def test_headers_that_come_drop_by_drop_do_not_move_the_deadline(app: FastAPI) -> None:
    with guarded(app, header=0.5) as port, ExitStack() as stack:
        connection = opened(stack, port, HALF)
        began = time.monotonic()
        try:
            while time.monotonic() - began < PATIENCE:
                connection.sendall(b"X-A: b\r\n")
                time.sleep(0.05)
        except OSError:
            pass

        assert time.monotonic() - began < PATIENCE / 2


def test_beyond_the_limit_of_busy_connections_the_answer_is_503(app: FastAPI) -> None:
    body = (
        b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    with guarded(app, most=10) as port, ExitStack() as stack:
        busy = [opened(stack, port, body) for _ in range(10)]
        time.sleep(0.5)
        refused = rest(opened(stack, port, WHOLE))
        for connection in busy:
            connection.close()
        time.sleep(0.5)

        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"PULLQUOTE_MAX_CONNECTIONS" in refused
        assert b"etry-" in refused
        assert is_alive(port)


def test_who_does_not_read_the_answer_is_cut_off(app: FastAPI, settings: Settings) -> None:
    start = Paragraph(1, Span(0, 5), (Span(0, 5),))
    long = Draft("Words" + " " * MANY, (start,), title="long")
    path = f"/v1/articles/{open_fake(settings).library.add(long).article.id}"
    with guarded(app, send=0.3) as port, ExitStack() as stack:
        connection = opened(stack, port)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(2)

        assert len(rest(connection)) < MANY
        assert is_alive(port)


def test_requests_on_one_connection_go_on_as_before(app: FastAPI) -> None:
    with guarded(app, header=0.5) as port, httpx2.Client() as client:
        statuses = []
        for _ in range(5):
            statuses.append(client.get(f"http://127.0.0.1:{port}/healthz").status_code)
            time.sleep(0.2)

    assert statuses == [200] * 5
