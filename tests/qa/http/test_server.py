import json
import signal
import socket
import threading
import time
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI

from index.errors import InputError, ModelError
from qa.answering.answerer import Answerer
from qa.http.app import create_app
from qa.http.server import address, listen, run
from qa.settings import Settings
from tests.qa.http.conftest import PATIENCE, Gate, Open, open_fake, served, wait_until_ready

SLOW = {"question": "What does the slow ferry cost?"}
QUICK = {"question": "What does the ferry cost?"}


class Asked(threading.Thread):
    """A question asked from another thread."""

    def __init__(self, url: str, body: dict[str, str], path: str = "/v1/ask") -> None:
        super().__init__()
        self._request = (url + path, body)
        self._response: httpx2.Response | None = None
        self.start()

    def run(self) -> None:
        url, body = self._request
        self._response = httpx2.post(url, json=body, timeout=PATIENCE)

    def response(self) -> httpx2.Response:
        self.join(timeout=PATIENCE)
        assert self._response, "no response came"
        return self._response


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def app(settings: Settings, gated: Open) -> FastAPI:
    """A service with a queue for one, that answers slow questions when the gate opens."""
    return create_app(settings.model_copy(update={"queue_length": 1}), open_answerer=gated)


def test_a_stream_shows_the_passages_while_the_answer_is_being_read(
    app: FastAPI, gate: Gate
) -> None:
    with (
        served(app) as (url, _),
        httpx2.stream("POST", url + "/v1/ask/stream", json=SLOW, timeout=PATIENCE) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "event: passages"
        gate.open()
        rest = list(lines)

    assert [line for line in rest if line.startswith("event")] == ["event: answer", "event: done"]


def test_who_finds_the_queue_full_is_sent_away_at_once(app: FastAPI, gate: Gate) -> None:
    with served(app) as (url, _):
        working = Asked(url, SLOW)
        gate.entered.acquire()
        waiting = Asked(url, QUICK)
        wait_until(lambda: app.state.request_queue.waiting == 1)
        refused = [
            httpx2.post(url + path, json=QUICK, timeout=PATIENCE)
            for path in ("/v1/ask", "/v1/ask/stream")
        ]
        alive = httpx2.get(url + "/healthz")
        gate.open()
        answered = [working.response(), waiting.response()]

    assert [response.status_code for response in refused] == [503, 503]
    assert [response.headers["retry-after"] for response in refused] == ["5", "5"]
    assert "1 requests are waiting" in refused[0].json()["detail"]
    assert alive.status_code == 200
    assert [response.status_code for response in answered] == [200, 200]


def test_who_waits_too_long_is_sent_away(settings: Settings, gated: Open, gate: Gate) -> None:
    hasty = settings.model_copy(update={"queue_seconds": 0.05})
    with served(create_app(hasty, open_answerer=gated)) as (url, _):
        working = Asked(url, SLOW)
        gate.entered.acquire()
        response = httpx2.post(url + "/v1/ask", json=QUICK, timeout=PATIENCE)
        gate.open()
        working.response()

    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert "has waited 0.05 seconds for its turn" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
def test_who_leaves_while_waiting_frees_the_place(app: FastAPI, gate: Gate, path: str) -> None:
    with served(app) as (url, _):
        working = Asked(url, SLOW)
        gate.entered.acquire()
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.post(url + path, json=QUICK, timeout=0.3)
        wait_until(lambda: app.state.request_queue.waiting == 0)
        gate.open()
        assert working.response().status_code == 200


def test_told_to_stop_it_answers_what_it_has_begun_and_sends_the_queue_away(
    app: FastAPI, gate: Gate
) -> None:
    with served(app) as (url, server):
        working = Asked(url, SLOW)
        gate.entered.acquire()
        waiting = Asked(url, QUICK)
        wait_until(lambda: app.state.request_queue.waiting == 1)
        server.should_exit = True
        refused = waiting.response()
        gate.open()
        answered = working.response()

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "shutting down: try again when it is back" in refused.json()["detail"]
    assert answered.status_code == 200


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(
    settings: Settings, gated: Open
) -> None:
    small = settings.model_copy(update={"max_upload_bytes": 1000})
    chunks = (b" " * 100 for _ in range(20))
    with served(create_app(small, open_answerer=gated)) as (url, _):
        response = httpx2.post(
            url + "/v1/ask", content=chunks, headers={"content-type": "application/json"}
        )

    assert response.status_code == 413
    assert "more than 1,000 bytes" in response.json()["detail"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.usefixtures("restored_log")
def test_an_interrupt_stops_the_server(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()

    def interrupt() -> None:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_until_ready(client)
        signal.raise_signal(signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    run(settings, "127.0.0.1", port, open_answerer=open_fake)
    interrupting.join(timeout=PATIENCE)

    written = capsys.readouterr().err
    for line in (f"http://127.0.0.1:{port}", "ready", "stopping"):
        assert line in written


@pytest.mark.usefixtures("restored_log")
def test_a_model_that_cannot_be_loaded_stops_the_server_with_its_error(settings: Settings) -> None:
    def open_never(settings: Settings) -> Answerer:
        raise ModelError("the model 'x' cannot be loaded: set PULLQUOTE_EMBEDDER")

    with pytest.raises(ModelError, match="the model 'x' cannot be loaded"):
        run(settings, "127.0.0.1", 0, open_answerer=open_never)


@pytest.mark.usefixtures("restored_log")
def test_a_port_that_is_taken_is_named_with_the_remedy(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            InputError,
            match=rf"port {port} of '127.0.0.1' .* \(Address already in use\): choose another",
        ) as error:
            run(settings, "127.0.0.1", port)

    assert error.value.field == "port"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("not a host", 0)])
def test_a_port_or_host_that_cannot_be_is_named(host: str, port: int) -> None:
    with pytest.raises(InputError, match=f"port {port} of '{host}' cannot be served on"):
        listen(host, port)


@pytest.mark.usefixtures("restored_log")
@pytest.mark.parametrize(
    ("host", "writing"),
    [
        ("127.0.0.1", "everyone on this machine"),
        ("0.0.0.0", "nobody until there is a key: 'pullquote keys create --scope write'"),  # noqa: S104
    ],
)
def test_it_says_at_start_what_is_open_to_whom_and_keeps_to_it(
    settings: Settings, capsys: pytest.CaptureFixture[str], host: str, writing: str
) -> None:
    port, statuses = free_port(), []

    def visit() -> None:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_until_ready(client)
            statuses.append(client.delete("/v1/articles/none").status_code)
            rebound = client.get("/v1/articles", headers={"Host": "evil.example"})
            statuses.append(rebound.status_code)
        signal.raise_signal(signal.SIGINT)

    visiting = threading.Thread(target=visit)
    visiting.start()
    run(settings.model_copy(update={"log_format": "json"}), host, port, open_answerer=open_fake)
    visiting.join(timeout=PATIENCE)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [said] = [line for line in lines if line["event"] == "open"]
    assert said["writing"] == writing
    assert statuses == ([404, 421] if host == "127.0.0.1" else [401, 200])


@pytest.mark.parametrize(("trusted", "believed"), [((), "127.0.0.1"), (("127.0.0.1",), "10.0.0.7")])
def test_an_address_that_a_proxy_tells_is_believed_only_of_a_trusted_one(
    settings: Settings, trusted: tuple[str, ...], believed: str
) -> None:
    few = settings.model_copy(update={"requests_per_minute": 1, "trusted_proxies": trusted})
    forwarded = {"X-Forwarded-For": "192.0.2.1, 10.0.0.7", "Forwarded": "for=192.0.2.9"}
    with (
        served(create_app(few, open_answerer=open_fake), trusted_proxies=trusted) as (url, _),
        httpx2.Client(base_url=url, headers=forwarded) as client,
    ):
        client.get("/v1/articles")
        refused = client.get("/v1/articles")

    assert refused.status_code == 429
    assert f"the address {believed} has used up" in refused.json()["detail"]


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    class Listener:
        def getsockname(self) -> tuple[str, int, int, int]:
            return "::1", 8000, 0, 0

    assert address(Listener()) == "http://[::1]:8000"  # type: ignore[arg-type]  # all of a socket it looks at
