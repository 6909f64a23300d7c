"""Indexing speed: many articles taken in, beside bare encoding of the same texts, and the memory.

``python -m benchmarks.ingest_speed squad.json ... --articles 3000`` makes articles of the
files' paragraphs, takes them in as ``pullquote index`` does, then takes them in again unchanged,
and prints one JSON object (Linux). Bare encoding runs in a process of its own, half of it before
and half after, so that it neither costs memory here nor has a quieter machine to itself.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from threadpoolctl import threadpool_limits

from benchmarks.ask_speed import peak_memory
from index.embedding.embedder import Embedder
from index.embedding.sentence_transformers import PACKAGED, load_model
from index.ingest.files import Outcome, taking_in
from index.sqlite.library import SQLiteLibrary
from qa.bootstrap import build_embedder
from qa.evaluation.dataset import Dataset, read_squad
from qa.settings import read_settings

Encode = Callable[[str, Sequence[str]], float]
"""Encodes texts with the model of that name; the seconds it took."""


def main(
    arguments: Sequence[str] | None = None,
    embedder: Embedder | None = None,
    encode: Encode | None = None,
) -> None:
    options = _parser().parse_args(arguments)
    settings = read_settings()
    paragraphs = contexts([read_squad(path) for path in options.squad])
    embedder = embedder or build_embedder(settings)
    threadpool_limits(1, user_api="blas")  # as in the service
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        folder = Path(temporary)
        articles = list(islice(made(paragraphs, options.paragraphs), options.articles))
        write(articles, folder / "articles")
        sample = [text for article in articles[:: options.bare_every] for text in article]
        half = (len(sample) + 1) // 2
        run = encode or in_own_process
        before = run(PACKAGED, sample[:half])
        library = SQLiteLibrary(folder / "library", embedder, create=True)
        first = indexed(library, folder / "articles", len(articles))
        again = indexed(library, folder / "articles", len(articles))
        after = run(PACKAGED, sample[half:])
        report = _report(library, first, again, len(sample) / (before + after))
    print(json.dumps(report, indent=2))  # noqa: T201 - the command's output


def contexts(datasets: Sequence[Dataset]) -> list[str]:
    """The data sets' paragraphs, each on one line and once."""
    return list(
        dict.fromkeys(
            " ".join(paragraph.context.split())
            for dataset in datasets
            for article in dataset.articles
            for paragraph in article.paragraphs
        )
    )


def made(paragraphs: Sequence[str], each: int) -> Iterator[list[str]]:
    """Articles of ``each`` paragraphs without end; where these run out they are taken again, and
    a first line keeps one article's text from being another's."""
    endless = cycle(paragraphs)
    number = 0
    while True:
        number += 1
        yield [f"Article {number}. {next(endless)}", *islice(endless, each - 1)]


def write(articles: Sequence[Sequence[str]], folder: Path) -> None:
    folder.mkdir()
    for number, article in enumerate(articles):
        (folder / f"{number:06}.txt").write_text("\n\n".join(article) + "\n", encoding="utf-8")


def indexed(library: SQLiteLibrary, folder: Path, articles: int) -> dict[str, float]:
    """Seconds to take the folder in, articles a second, and megabytes of memory: once the first
    article is in (``start``), half of them are, and all are. Raises ``RuntimeError`` when one is
    refused."""
    began = time.perf_counter()
    marks = {1: "start", articles // 2: "middle", articles: "end"}
    memory = {}
    for number, outcome in enumerate(taking_in(library, [folder], folder.parent), 1):
        _check(outcome)
        if number in marks:
            memory[f"{marks[number]}_memory_mb"] = round(memory_now() / 1e6, 1)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "articles_a_second": articles / seconds, **memory}


def _check(outcome: Outcome) -> None:
    if outcome.status == "refused":
        raise RuntimeError(f"{outcome.path} was refused: {outcome.reason}")


def _report(
    library: SQLiteLibrary, first: dict[str, float], again: dict[str, float], bare: float
) -> dict[str, object]:
    articles, paragraphs = library.counts()
    rate = paragraphs / first["seconds"]
    return {
        "articles": articles,
        "paragraphs": paragraphs,
        "cores": os.cpu_count(),
        "taking_in": {**first, "paragraphs_a_second": rate},
        "bare_encode_paragraphs_a_second": bare,
        "ratio": rate / bare,
        "unchanged": again,
        "peak_memory_mb": round(peak_memory(os.getpid()) / 1e6, 1),
    }


def in_own_process(model: str, texts: Sequence[str]) -> float:
    """Seconds of ``SentenceTransformer.encode`` over the texts, its model loaded and warm."""
    if not texts:
        return 0.0
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(encoded, model, list(texts)).result()


def encoded(model: str, texts: Sequence[str]) -> float:
    loaded = load_model(model, None)
    loaded.encode(list(texts[:8]), normalize_embeddings=True, show_progress_bar=False)
    began = time.perf_counter()
    loaded.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    return time.perf_counter() - began


def memory_now() -> int:
    """Bytes of memory that this process holds, on Linux."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ingest_speed",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument("squad", nargs="+", type=Path, help="files in SQuAD's format")
    parser.add_argument("--articles", type=int, default=3000, help="articles that are taken in")
    parser.add_argument("--paragraphs", type=int, default=5, help="paragraphs in each")
    parser.add_argument(
        "--bare-every", type=int, default=10, help="encode the texts of every so-manieth article"
    )
    return parser


if __name__ == "__main__":
    main()
