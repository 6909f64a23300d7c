import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from index.errors import ModelError
from qa.answering.answerer import Answerer
from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import PATIENCE, open_fake, wait_until_ready

QUESTION = {"question": "When does the ferry leave?"}


@pytest.fixture
def loading(settings: Settings) -> Iterator[tuple[TestClient, threading.Event]]:
    """A service whose models take until the event is set to load."""
    loaded = threading.Event()

    def open_late(settings: Settings) -> Answerer:
        assert loaded.wait(timeout=PATIENCE)
        return open_fake(settings)

    with TestClient(create_app(settings, open_answerer=open_late)) as client:
        yield client, loaded
        loaded.set()


def test_a_service_is_alive_before_it_is_ready(
    loading: tuple[TestClient, threading.Event],
) -> None:
    client, _ = loading

    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/readyz"),
        ("GET", "/v1/articles"),
        ("GET", "/v1/articles/x"),
        ("DELETE", "/v1/articles/x"),
        ("POST", "/v1/ask"),
        ("POST", "/v1/ask/stream"),
    ],
)
def test_until_it_is_ready_requests_are_told_when_to_come_back(
    loading: tuple[TestClient, threading.Event], method: str, path: str
) -> None:
    client, _ = loading

    response = client.request(method, path, **({"json": QUESTION} if method == "POST" else {}))  # type: ignore[arg-type]  # keywords by method

    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.headers["content-type"] == "application/problem+json"
    assert "being loaded: try again in a few seconds" in response.json()["detail"]


def test_a_service_becomes_ready_by_itself(loading: tuple[TestClient, threading.Event]) -> None:
    client, loaded = loading

    loaded.set()
    wait_until_ready(client)

    assert client.post("/v1/ask", json=QUESTION).status_code == 200


def test_ready_says_what_is_open(client: TestClient, settings: Settings) -> None:
    library = open_fake(settings).library

    assert client.get("/readyz").json() == {
        "status": "ready",
        "articles": 2,
        "paragraphs": 3,
        "library_revision": library.revision,
        "models": {"embedder": "words", "reader": "first-words"},
    }


def test_metrics_count_requests_questions_and_refusals(client: TestClient) -> None:
    client.post("/v1/ask", json=QUESTION)
    client.post("/v1/ask", json=QUESTION | {"min_confidence": 1})
    client.post("/v1/ask", json={})
    client.get("/v1/articles/x")
    client.get("/nowhere/at/all")

    lines = client.get("/metrics").text.splitlines()

    route = 'pullquote_requests_total{method="POST",route="/v1/ask"'
    assert f'{route},status="200"}} 2.0' in lines
    assert f'{route},status="422"}} 1.0' in lines
    assert (
        'pullquote_requests_total{method="GET",route="/v1/articles/{article_id}",status="404"} 1.0'
        in lines
    )
    assert 'pullquote_requests_total{method="GET",route="none",status="404"} 1.0' in lines
    assert 'pullquote_questions_total{outcome="answered"} 1.0' in lines
    assert 'pullquote_questions_total{outcome="abstained"} 1.0' in lines
    assert "pullquote_ask_seconds_count 2.0" in lines
    assert "pullquote_queue_waiting 0.0" in lines
    assert "pullquote_queue_refused_total 0.0" in lines


def test_each_service_counts_for_itself(client: TestClient, settings: Settings) -> None:
    client.post("/v1/ask", json=QUESTION)

    with TestClient(create_app(settings, open_answerer=open_fake)) as other:
        lines = other.get("/metrics").text.splitlines()

    assert "pullquote_ask_seconds_count 0.0" in lines


def test_a_model_that_cannot_be_loaded_is_told_and_stops_the_service(settings: Settings) -> None:
    stopped = threading.Event()

    def open_never(settings: Settings) -> Answerer:
        raise ModelError("the model 'x' cannot be loaded: set PULLQUOTE_EMBEDDER")

    app = create_app(settings, open_answerer=open_never, on_failure=stopped.set)
    with TestClient(app) as client:
        assert stopped.wait(timeout=PATIENCE)
        response = client.get("/readyz")

    assert response.status_code == 503
    assert "cannot be opened: see the service's log" in response.json()["detail"]
    assert str(app.state.opening.failure).startswith("the model 'x' cannot be loaded")
