import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from typer.testing import CliRunner, Result

from index.embedding.embedder import Embedder
from index.errors import InputError
from index.ingest.fetching.fetched import Fetched
from index.library import Library
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer, Policy
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.cli.app import app
from qa.cli.progress import Report
from qa.cli.wiring import Wiring
from qa.settings import PREFIX, Settings
from tests.fakes import FirstWordsReader, WordEmbedder

EVEN = Calibration(
    intercept=0.0,
    coefficients=tuple(0.0 for _ in FEATURES),
    threshold=0.4,
    comparison=Comparison(1.0),
)
"""Every best answer is right with a probability of one half, and given."""


@dataclass
class FakeWiring(Wiring):
    """Real libraries with the fake embedder and reader; remembers what it was asked to do."""

    failure: BaseException | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, Fetched] = field(default_factory=dict)
    words: WordEmbedder = field(default_factory=WordEmbedder)

    def library(self, settings: Settings, *, create: bool = False) -> Library:
        if self.failure:
            raise self.failure
        return SQLiteLibrary(settings.library, self.words, create=create)

    def embedder(self, settings: Settings) -> Embedder:
        return self.words

    def answerer(self, settings: Settings) -> Answerer:
        return Answerer(
            self.library(settings),
            FirstWordsReader(),
            EVEN,
            Policy(settings.passages_read, settings.min_confidence),
        )

    def fetch(self, settings: Settings, url: str) -> Fetched:
        self.calls.append({"url": url, "private": settings.fetch_private})
        if url not in self.pages:
            raise InputError(f"{url!r} answers with the status 404: check it", field="url")
        return self.pages[url]

    def serve(self, settings: Settings, host: str, port: int) -> None:
        if self.failure:
            raise self.failure
        self.calls.append({"library": settings.library, "host": host, "port": port})

    def evaluate(
        self,
        paths: Sequence[Path],
        setting: Literal["passage", "library"],
        library: Path | None,
        settings: Settings,
        *,
        beside: Sequence[Path] = (),
        every: int = 1,
        on_progress: Report | None = None,
    ) -> dict[str, Any]:
        self.calls.append(
            {
                "paths": list(paths),
                "setting": setting,
                "library": library,
                "beside": list(beside),
            }
        )
        if on_progress:
            on_progress("asking", 1, 1)
        return {
            "setting": setting,
            "questions": every,
            "f1": 81.25,
            "recall": {"1": 0.5},
            "mrr": None,
        }


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests are run from neither sets anything nor asks for colours."""
    for name in os.environ:
        if name.startswith(PREFIX) or name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
            monkeypatch.delenv(name)


@pytest.fixture
def wiring() -> FakeWiring:
    return FakeWiring()


@pytest.fixture
def run(wiring: FakeWiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``pullquote`` with these arguments, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, **options: Any) -> Result:
        return CliRunner().invoke(
            app, [str(one) for one in arguments], obj=wiring, prog_name="pullquote", **options
        )

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with two articles and a file of another format."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "harbour.txt").write_text(
        "The harbour opened in Lisbon. It has nine cranes.\n\nThe lighthouse was lit by Maria.\n",
        encoding="utf-8",
    )
    (folder / "bridge.txt").write_text("The bridge was closed in Porto.\n", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture
def library(run: Run, articles: Path) -> Path:
    """A library of those articles, which is where commands look for one."""
    assert run("index", articles).exit_code == 0
    return articles.parent / "library"


@pytest.fixture
def saved(run: Run, library: Path, tmp_path: Path) -> Path:
    """A saved answer from that library."""
    result = run("ask", "Where did the harbour open?", "--json")
    assert json.loads(result.stdout)["citations"]
    path = tmp_path / "answer.json"
    path.write_text(result.stdout, encoding="utf-8")
    return path
