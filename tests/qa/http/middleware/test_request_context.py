from collections.abc import Iterator

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture
def lines(client: TestClient) -> Iterator[list[EventDict]]:
    """What is logged after the service is ready."""
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/articles", "/nowhere", "/docs"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'self'; base-uri 'none'")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


def test_every_refusal_has_the_security_headers_too(client: TestClient, app: FastAPI) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("it broke")

    with capture_logs():
        responses = [
            client.get("/broken"),
            client.get("/v1/articles", headers={"Authorization": "Bearer x"}),
            client.post("/v1/ask", content=b"x", headers={"Content-Length": "99999999"}),
            client.post("/v1/ask", content=b"x"),
            client.post("/v1/ask", json={}),
        ]

    assert [response.status_code for response in responses] == [500, 401, 413, 415, 422]
    for response in responses:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["content-security-policy"].startswith("default-src 'self'")


def test_no_cache_keeps_what_is_the_library_s(client: TestClient) -> None:
    assert client.get("/v1/articles").headers["cache-control"] == "no-store"
    assert client.get("/v1/articles/none").headers["cache-control"] == "no-store"
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_only_the_documentation_may_set_styles_on_elements(client: TestClient) -> None:
    assert "unsafe-inline" not in client.get("/").headers["content-security-policy"]
    policy = client.get("/docs").headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy


def test_a_request_keeps_the_id_it_came_with(client: TestClient) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "trace-1.a_B"})

    assert response.headers["x-request-id"] == "trace-1.a_B"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", "{}"])
def test_an_id_that_is_not_sane_is_replaced(client: TestClient, given: str) -> None:
    replaced = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]

    assert len(replaced) == 16
    assert int(replaced, 16) >= 0


def test_two_requests_have_two_ids(client: TestClient) -> None:
    first, second = (client.get("/healthz").headers["x-request-id"] for _ in range(2))

    assert first != second


def test_a_request_is_one_line_in_the_log(client: TestClient, lines: list[EventDict]) -> None:
    client.get("/v1/articles?q=private", headers={"X-Request-ID": "r-1"})

    [line] = lines
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "request_id": "r-1",
        "method": "GET",
        "path": "/v1/articles",
        "status": 200,
    }


def test_neither_questions_nor_articles_are_logged(
    client: TestClient, lines: list[EventDict]
) -> None:
    client.post("/v1/ask", json={"question": "confidential"})
    client.post("/v1/ask", json={"question": "confidential" * 100})
    client.post("/v1/articles", json={"text": "A confidential text.", "title": "confidential"})
    client.get("/v1/articles", params={"q": "confidential"})

    assert len(lines) == 4
    assert "confidential" not in repr(lines)


def test_a_path_cannot_forge_a_line_in_the_log(client: TestClient, lines: list[EventDict]) -> None:
    client.get("/v1/articles/a%0Ab")

    assert lines[0]["path"] == "/v1/articles/a%0Ab"


def test_routine_questions_about_the_status_are_not_worth_a_line(
    client: TestClient, lines: list[EventDict]
) -> None:
    client.get("/healthz")

    assert [line["log_level"] for line in lines] == ["debug"]


def test_an_unforeseen_error_is_logged_with_its_traceback_under_the_requests_id(
    app: FastAPI, client: TestClient, lines: list[EventDict]
) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("it broke")

    client.get("/broken", headers={"X-Request-ID": "r-2"})

    failed, request = lines
    assert (failed["log_level"], failed["request_id"]) == ("error", "r-2")
    assert str(failed["exc_info"]) == "it broke"
    assert request["status"] == 500


def test_a_made_up_method_is_counted_as_other(client: TestClient) -> None:
    client.request("BREW", "/v1/ask")

    assert 'method="OTHER"' in client.get("/metrics").text
    assert "BREW" not in client.get("/metrics").text
