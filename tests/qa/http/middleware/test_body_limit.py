import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import PATIENCE, Gate, Open, open_fake, served, wait_until_ready

MOST = 1500
JSON = {"content-type": "application/json"}
DETAIL = "the body has more than 1,500 bytes: send less, or set PULLQUOTE_MAX_UPLOAD_BYTES higher"


@pytest.fixture
def small(settings: Settings) -> Iterator[TestClient]:
    """A service that takes little."""
    settings = settings.model_copy(update={"max_upload_bytes": MOST})
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        yield client


def article(size: int) -> bytes:
    """A JSON body of this many bytes."""
    return b'{"text": "' + b"a" * (size - 12) + b'"}'


def test_a_body_at_the_limit_is_taken(small: TestClient) -> None:
    response = small.post("/v1/articles", content=article(MOST), headers=JSON)

    assert response.status_code == 201


BODIES: list[dict[str, Any]] = [
    {"content": article(MOST + 1), "headers": JSON},
    {"content": b"x", "headers": {**JSON, "content-length": "99999999999"}},
    {"files": {"file": ("a.txt", b"a" * MOST)}},
]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/ask"])
@pytest.mark.parametrize("body", BODIES)
def test_a_larger_body_is_a_problem_that_names_the_limit_and_the_setting(
    small: TestClient, path: str, body: dict[str, Any]
) -> None:
    response = small.post(path, **body)

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:problem-type:pullquote:too-large"
    assert response.json()["detail"] == DETAIL


@pytest.fixture
def asked(settings: Settings) -> Iterator[TestClient]:
    """A service that takes large articles and small questions."""
    settings = settings.model_copy(update={"max_request_bytes": MOST})
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        yield client


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/citations/verify", "/v1/articlesx", "/nowhere"])
def test_only_what_takes_in_articles_may_send_large_bodies(asked: TestClient, path: str) -> None:
    taken = asked.post("/v1/articles", content=article(MOST + 1), headers=JSON)
    refused = asked.post(path, content=article(MOST + 1), headers=JSON)

    assert (taken.status_code, refused.status_code) == (201, 413)
    assert "1,500 bytes: send less, or set PULLQUOTE_MAX_REQUEST_BYTES" in refused.text


def test_no_length_is_too_long_to_be_refused(small: TestClient) -> None:
    response = small.post(
        "/v1/articles", content=b"x", headers={**JSON, "content-length": "9" * 5000}
    )

    assert response.status_code == 413


def exchanged(url: str, sent: list[bytes]) -> bytes:
    """What comes back for these bytes until the connection is closed, or reset.

    A server that answers before it has read everything resets the connection when it closes it.
    """
    address = httpx2.URL(url)
    with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE) as client:
        for part in sent:
            client.sendall(part)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while part := client.recv(65536):
                received += part
        return received


def head(path: str, *headers: str) -> bytes:
    usual = ["Host: localhost", "Connection: close", "Content-Type: application/json"]
    lines = [f"POST {path} HTTP/1.1", *usual, *headers]
    return "\r\n".join([*lines, "", ""]).encode()


FORM = "Content-Type: multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNK = chunk(b"a" * 100)

ENDLESS: list[tuple[str, list[bytes], bytes]] = [
    ("chunks", [head("/v1/ask", "Transfer-Encoding: chunked"), CHUNK * 20], b"413"),
    (
        "chunks of a form",
        [
            head("/v1/articles", "Transfer-Encoding: chunked").replace(
                b"Content-Type: application/json", FORM.encode()
            ),
            chunk(PART),
            CHUNK * 20,
        ],
        b"413",
    ),
    (
        "chunks of a form that break off",
        [
            head("/v1/articles", "Transfer-Encoding: chunked").replace(
                b"Content-Type: application/json", FORM.encode()
            ),
            chunk(PART),
            b"no length\r\n",
        ],
        b"400",
    ),
    ("both", [head("/v1/ask", "Transfer-Encoding: chunked", "Content-Length: 5"), CHUNK * 20], b""),
    ("too long a length", [head("/v1/ask", "Content-Length: 1600")], b"413"),
    ("no HTTP", [b"GET / HTTP/1.1\r\nno header\r\n\r\n"], b"400"),
    ("two lengths", [head("/v1/ask", "Content-Length: 5", "Content-Length: 6"), b"aaaaa"], b"400"),
    ("a negative length", [head("/v1/ask", "Content-Length: -5")], b"400"),
    ("a body that stops", [head("/v1/ask", "Content-Length: 1000"), b"aaa"], b"408"),
    ("chunks that stop", [head("/v1/ask", "Transfer-Encoding: chunked"), CHUNK], b"408"),
    ("a form that stops", [head("/v1/articles", "Content-Length: 1000")], b"408"),
]


def test_bodies_that_lie_about_their_length_or_never_end_are_refused(settings: Settings) -> None:
    """Each over a connection of its own, and the service is there for others all the while."""
    settings = settings.model_copy(update={"max_upload_bytes": MOST, "body_seconds": 1.0})
    with served(create_app(settings, open_answerer=open_fake)) as (url, _):
        for name, sent, status in ENDLESS:
            received = exchanged(url, sent)
            line, _, rest = received.partition(b"\r\n")
            assert line.startswith(b"HTTP/1.1 4"), (name, received)
            assert status in line, (name, received)
            if status:
                assert b"\r\ncontent-type: application/problem+json\r\n" in rest.lower(), name
                assert b"\r\nx-content-type-options: nosniff\r\n" in rest.lower(), name
        assert httpx2.get(f"{url}/readyz").status_code == 200
        assert 'status="500"' not in httpx2.get(f"{url}/metrics").text


def test_a_body_that_is_too_slow_is_a_problem_that_names_the_limit_and_the_setting(
    settings: Settings,
) -> None:
    settings = settings.model_copy(update={"body_seconds": 0.2})
    with served(create_app(settings, open_answerer=open_fake)) as (url, _):
        received = exchanged(url, [head("/v1/ask", "Content-Length: 1000"), b"{"])

    problem = json.loads(received.rpartition(b"\r\n\r\n")[2])
    assert problem["type"] == "urn:problem-type:pullquote:too-slow"
    assert problem["detail"] == (
        "the body did not arrive within 0.2 seconds: send it faster, or set PULLQUOTE_BODY_SECONDS "
        "higher"
    )


def test_an_answer_may_take_longer_than_a_body(settings: Settings, gated: Open, gate: Gate) -> None:
    settings = settings.model_copy(update={"body_seconds": 0.2})
    question = {"question": "What does the slow ferry cost?"}
    with served(create_app(settings, open_answerer=gated)) as (url, _):
        threading.Timer(0.6, gate.open).start()
        response = httpx2.post(f"{url}/v1/ask", json=question, timeout=PATIENCE)

    assert response.status_code == 200
