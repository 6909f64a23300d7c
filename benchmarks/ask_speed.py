"""Speed: indexing and asking, timed beside the bare model and search work they need.

``python -m benchmarks.ask_speed dev-v1.1.json`` prints one JSON object. Times on a shared machine
are noisy: the ratios are between things timed in turns in the same run, as medians.
"""

import argparse
import json
import math
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss
import numpy as np

from index.embedding.embedder import Embedder
from index.embedding.sentence_transformers import PACKAGED, load_model
from index.search.query import query_words
from index.sqlite.catalogue import Catalogue
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import FILE_NAME
from qa.bootstrap import build_answerer, build_embedder, threads
from qa.evaluation.collection import collected, drafts, questions, read_dataset
from qa.evaluation.dataset import Dataset
from qa.settings import Settings, read_settings

WARM_UP = 10
"""Questions asked of the service before the clock starts."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    settings = read_settings()
    dataset = read_dataset(options.squad, settings.seeds)
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        folder = options.library or Path(temporary)
        embedder = build_embedder(settings)
        with collected([dataset], "library", embedder, folder) as library:
            asked = [one.question.text for one in questions(dataset, "library")]
            sample = asked[:: max(1, len(asked) // options.questions)]
            report = {
                "articles": library.counts()[0],
                "paragraphs": library.counts()[1],
                "threads": threads(settings),
                "indexing": indexing(dataset, embedder, options.articles, options.rounds),
                "asking": asking(library, settings, sample),
                "service": service(folder, sample),
            }
    print(json.dumps(report, indent=2))  # noqa: T201 - the command's output


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ask_speed", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("squad", type=Path, help="a file in SQuAD's format")
    parser.add_argument("--library", type=Path, help="a folder that keeps its paragraphs indexed")
    parser.add_argument("--questions", type=int, default=200, help="questions that are timed")
    parser.add_argument("--articles", type=int, default=6, help="articles that are indexed")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that take turns")
    return parser


def indexing(dataset: Dataset, embedder: Embedder, articles: int, rounds: int) -> dict[str, float]:
    """Paragraphs a second taken in, beside ``SentenceTransformer.encode`` on the same texts."""
    few = Dataset(dataset.title, dataset.articles[:articles])
    texts = [paragraph.context for article in few.articles for paragraph in article.paragraphs]
    model = load_model(PACKAGED, None)

    def take_in() -> None:
        with TemporaryDirectory(prefix="pullquote-") as temporary:
            library = SQLiteLibrary(Path(temporary), embedder, create=True)
            for draft in drafts(few, "library"):
                library.add(draft)

    def encode() -> None:
        model.encode(texts, normalize_embeddings=True)

    own, bare = in_turns([take_in, encode], rounds)
    rates = {
        "paragraphs_a_second": len(texts) / statistics.median(own),
        "bare_encode_paragraphs_a_second": len(texts) / statistics.median(bare),
    }
    return {**rates, "ratio": statistics.median(bare) / statistics.median(own)}


def asking(library: SQLiteLibrary, settings: Settings, sample: Sequence[str]) -> dict[str, float]:
    """Milliseconds for an answer in this process, beside the bare work that it needs: embedding
    the question, one full-text query, one vector search (and, for a reader with a model, one
    reading)."""
    answerer = build_answerer(settings, library)
    work = BareWork(library, settings)
    own: list[float] = []
    bare: list[float] = []
    for question in sample:
        read = answerer.find(question).passages[: settings.passages_read]
        own.append(_seconds(partial(answerer.ask, question)))
        bare.append(_seconds(partial(work, question)))
        if settings.reader != "sentence":
            bare[-1] += _seconds(partial(answerer.reader.read, question, read))
    return {
        "median_ms": 1000 * statistics.median(own),
        "bare_median_ms": 1000 * statistics.median(bare),
        "ratio": statistics.median(own) / statistics.median(bare),
    }


class BareWork:
    """The least that an answer needs, without any of this project's code around it."""

    def __init__(self, library: SQLiteLibrary, settings: Settings) -> None:
        self._db = sqlite3.connect(library.folder / FILE_NAME)
        embedder = build_embedder(settings)
        self._embed = embedder.embed_query
        with Catalogue(library.folder, embedder, create=False).reading() as view:
            rows = view.sentence_embeddings(view.paragraph_ids())
        self._rows = faiss.IndexFlatIP(embedder.dimensions)
        self._rows.add(np.concatenate(rows))

    def __call__(self, question: str) -> None:
        vector = self._embed(question).vector[np.newaxis]
        words = " OR ".join(f'"{word}"' for word in query_words(question)) or '""'
        self._db.execute(
            "SELECT rowid, bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT 100",
            (words,),
        ).fetchall()
        self._rows.search(vector, 100)


def in_turns(things: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Seconds that each of the things takes, (things, rounds), after one round to warm up."""
    times = [[_seconds(thing) for thing in things] for _ in range(rounds + 1)]
    return [list(own) for own in zip(*times[1:], strict=True)]


def _seconds(thing: Callable[[], object]) -> float:
    started = time.perf_counter()
    thing()
    return time.perf_counter() - started


def service(folder: Path, sample: Sequence[str]) -> dict[str, float]:
    """Seconds from start to ready, milliseconds of ``/v1/ask`` over loopback, peak memory."""
    with served(folder) as (process, client):
        started = time.perf_counter()
        while not _ready(client):
            if process.poll() is not None:
                raise RuntimeError(f"the service ended with exit code {process.returncode}")
            time.sleep(0.05)
        ready = time.perf_counter() - started
        for question in sample[:WARM_UP]:
            _ask(client, question)
        times = sorted(1000 * _seconds(partial(_ask, client, question)) for question in sample)
        return {
            "seconds_to_ready": ready,
            "ask_median_ms": statistics.median(times),
            "ask_95th_percentile_ms": times[math.ceil(0.95 * len(times)) - 1],
            "peak_memory_gb": peak_memory(process.pid) / 1e9,
        }


@contextmanager
def served(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", HTTPConnection]]:
    """The service as a process of its own over a library, and a client for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa", "serve", "--library", str(folder), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as client:
            yield process, client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ask(client: HTTPConnection, question: str) -> None:
    body = json.dumps({"question": question})
    client.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
    response = client.getresponse()
    told = response.read()
    if response.status != HTTPStatus.OK:
        raise RuntimeError(f"/v1/ask answered {response.status}: {told.decode()}")


def _ready(client: HTTPConnection) -> bool:
    try:
        client.request("GET", "/readyz")
        response = client.getresponse()
        response.read()
    except OSError:
        client.close()
        return False
    return response.status == HTTPStatus.OK


def peak_memory(pid: int) -> int:
    """The most bytes of memory that a process has held, on Linux."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/PID/status has no line VmHWM: peak memory is measured on Linux only")


if __name__ == "__main__":
    main()
