"""A service over two articles, with the fake embedder and reader."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.article import Passage
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.http import logs
from qa.http.app import create_app
from qa.http.connections import Connections
from qa.http.server import Server, address, configuration, listen
from qa.reading.reader import Reading
from qa.settings import Settings
from tests.fakes import FirstWordsReader, WordEmbedder

EVEN = Calibration(
    intercept=0.0,
    coefficients=tuple(0.0 for _ in FEATURES),
    threshold=0.4,
    comparison=Comparison(1.0),
)
"""Every best answer is right with a probability of one half, and given."""

HARBOUR = (
    "Harbour\n\nThe ferry to Skye leaves at noon. It is called Élan.\n\nTickets cost 12 pounds."
)
MUSEUM = "The museum of Bath opened in 1893. Its founder was Ada Hill."

SEEDS = Path(__file__).parents[3] / "seeds"

PATIENCE = 300
"""Seconds to wait for what must happen, on a machine that may be busy."""

Open = Callable[[Settings], Answerer]


def open_fake(settings: Settings) -> Answerer:
    """An answerer over the settings' library with the fake models."""
    library = SQLiteLibrary(settings.library, WordEmbedder(), create=True)
    return Answerer(library, FirstWordsReader(), EVEN)


def with_two_articles(folder: Path) -> Settings:
    """Settings for a library in the folder, with two articles."""
    settings = Settings(library=folder / "library", seeds=folder / "seeds")
    library = open_fake(settings).library
    library.add(draft_of_text(HARBOUR, source="harbour.txt", published="2026-01-17"))
    library.add(draft_of_text(MUSEUM, title="The museum", source="https://m.example/bath"))
    return settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_two_articles(tmp_path)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings, open_answerer=open_fake)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """The service as it starts, with the real models, over the seeds."""
    settings = Settings(library=tmp_path_factory.mktemp("library"), seeds=SEEDS)
    with (
        served(create_app(settings)) as (url, _),
        httpx2.Client(base_url=url, timeout=PATIENCE) as client,
    ):
        yield client


def wait_until_ready(client: TestClient | httpx2.Client) -> None:
    deadline = time.monotonic() + PATIENCE
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline, "the service did not become ready"
        time.sleep(0.01)


@contextmanager
def served(
    app: FastAPI,
    port: int = 0,
    trusted_proxies: tuple[str, ...] = (),
    connections: Connections | None = None,
) -> Iterator[tuple[str, Server]]:
    """The app on a real socket; its address, and the server to stop."""
    listener = listen("127.0.0.1", port)
    server = Server(configuration(app, trusted_proxies, connections), app.state.request_queue)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        with httpx2.Client(base_url=address(listener)) as client:
            wait_until_ready(client)
        yield address(listener), server
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


class Gate:
    """An answerer's way in that can be held shut, to keep the worker busy."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        self.entered.release()
        assert self._open.wait(timeout=PATIENCE)


class GatedReader(FirstWordsReader):
    """Waits at the gate before it reads a question with the word "slow"."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        if "slow" in question:
            self._gate.pass_through()
        return super().read(question, passages)


@pytest.fixture
def restored_log() -> Iterator[None]:
    """Undoes what a test configures of the log."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.getLogger(logs.OURS).setLevel(logging.NOTSET)
    structlog.configure(**config)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def gated(gate: Gate) -> Open:
    def open_gated(settings: Settings) -> Answerer:
        return Answerer(open_fake(settings).library, GatedReader(gate), EVEN)

    return open_gated
