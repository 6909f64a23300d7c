"""The embedded engine's folder: shared by several libraries, opened, missing, removed from."""

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.article import Draft
from index.embedding.model import Model, ModelEmbedder
from index.errors import EmbedderMismatch, LibraryMissing
from index.exchange import export_library, import_library
from index.ingest.loading import draft_of_text
from index.sqlite.catalogue import Catalogue
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import FILE_NAME
from tests.fakes import WordEmbedder, all_articles

FERRY = "The ferry to Skye leaves at noon. It is called Elan.\n\nTickets cost 12 pounds."
MUSEUM = "The museum of Bath opened in 1893. Its founder was Ada Hill."


def _seen(library: SQLiteLibrary) -> str:
    """All that can be seen of a library, to compare it."""
    found = library.search("ferry museum Bath noon", 50)
    return repr((library.revision, library.counts(), all_articles(library), found))


def _drafts(count: int, seed: int = 1) -> list[Draft]:
    """Articles of ten paragraphs of random words."""
    rng = np.random.default_rng(seed)
    words = [f"{a}{b}{c}" for a in "bdgk" for b in "ao" for c in "xzv"]
    return [
        draft_of_text(
            "\n\n".join(" ".join(rng.choice(words, 9)) + "." for _ in range(10)),
            source=f"{seed}-{number}",
        )
        for number in range(count)
    ]


@contextmanager
def _statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL statements that are run within the block, but for those that SQLite runs itself."""
    run: list[str] = []
    connect = sqlite3.connect

    def note(statement: str) -> None:
        if not statement.startswith("--"):
            run.append(statement)

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(note)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", traced)
        yield run


def test_a_library_sees_what_another_did_to_its_folder(
    folder: Path, library: SQLiteLibrary
) -> None:
    other = SQLiteLibrary(folder, WordEmbedder())
    ferry = library.add(draft_of_text(FERRY, source="ferry.txt")).article
    assert _seen(other) == _seen(library)
    other.add(draft_of_text(MUSEUM, source="museum.txt"))
    assert _seen(other) == _seen(library)
    library.remove(ferry.id)
    assert _seen(other) == _seen(library)
    assert [passage.text for passage in other.search("museum", 5).passages] == [MUSEUM]


def test_a_library_made_anew_in_the_same_folder_is_searched_anew(
    folder: Path, library: SQLiteLibrary
) -> None:
    """Paragraphs of another text do not pass for those that are gone."""
    for draft in _drafts(3, seed=1):
        library.add(draft)
    library.search("baxx", 1)
    for file in folder.iterdir():
        file.unlink()
    fresh = SQLiteLibrary(folder, WordEmbedder(), create=True)
    for draft in _drafts(3, seed=2):
        fresh.add(draft)
    for by in ("fused", "vectors"):
        assert library.search("bax dov", 3, by=by) == fresh.search("bax dov", 3, by=by)


def test_a_library_must_be_there_or_asked_for(folder: Path) -> None:
    with pytest.raises(LibraryMissing, match="there is no library in"):
        SQLiteLibrary(folder, WordEmbedder())
    assert SQLiteLibrary(folder, WordEmbedder(), create=True).counts() == (0, 0)


def test_a_library_names_its_folder_and_its_embedder(folder: Path, library: SQLiteLibrary) -> None:
    assert (library.folder, library.embedder) == (folder, "words")


# What reading costs


def _unloadable() -> ModelEmbedder:
    def load() -> Model:
        raise AssertionError("a model was loaded")

    return ModelEmbedder("words", load)


def test_reading_and_adding_what_is_there_load_no_model(
    folder: Path, library: SQLiteLibrary, tmp_path: Path
) -> None:
    article = library.add(draft_of_text(FERRY, source="a")).article
    reading = SQLiteLibrary(folder, _unloadable())
    assert reading.whole(article.id)[0] == article
    assert reading.summaries().articles == (article.summary,)
    assert (reading.counts(), reading.embedder) == ((1, 2), "words")
    assert reading.add(draft_of_text(FERRY, source="a")).status == "unchanged"
    assert reading.add(draft_of_text(FERRY, source="b")).status == "added"  # its text is there
    reading.remove(article.id)
    assert export_library(Catalogue(folder, None), tmp_path / "export.jsonl") == 1
    with pytest.raises(AssertionError, match="a model was loaded"):
        reading.search("ferry", 1)


def test_a_library_is_exported_whatever_it_was_embedded_with(
    folder: Path, library: SQLiteLibrary, tmp_path: Path
) -> None:
    library.add(draft_of_text(FERRY, source="a"))
    file = tmp_path / "export.jsonl"
    export_library(Catalogue(folder, None), file)
    other = SQLiteLibrary(tmp_path / "other", WordEmbedder(), create=True)
    assert import_library(other, file) == 1
    assert other.revision == library.revision


def test_vectors_of_another_length_are_told_before_they_are_used(
    folder: Path, library: SQLiteLibrary
) -> None:
    class Shorter(WordEmbedder):
        dimensions = 32

    opened = SQLiteLibrary(folder, Shorter())
    for use in (lambda: opened.search("ferry", 1), lambda: opened.add(draft_of_text(FERRY))):
        with pytest.raises(
            EmbedderMismatch,
            match=r"built with 'words' \(64 dimensions\) but the embedder is 'words' \(32\): ",
        ):
            use()


def test_opening_reads_no_more_of_a_large_library_than_of_a_small_one(
    folder: Path, library: SQLiteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opening() -> tuple[list[str], int]:
        with _statements(monkeypatch) as run:
            tracemalloc.start()
            SQLiteLibrary(folder, WordEmbedder())
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return run, peak

    library.add(draft_of_text(FERRY, source="a"))
    opening()
    small, least = opening()
    for draft in _drafts(40):
        library.add(draft)
    large, most = opening()
    assert small == large
    assert most < 2 * least + 50_000


def test_a_search_asks_as_often_however_much_it_finds(
    library: SQLiteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches, and not row by row."""

    def searching(top_k: int) -> int:
        with _statements(monkeypatch) as run:
            assert len(library.search("bax dov koz", top_k).passages) == top_k
        return len(run)

    library.add(_drafts(1)[0])
    library.search("warm up", 1)
    few = searching(1)
    for draft in _drafts(20, seed=2):
        library.add(draft)
    library.search("warm up", 1)
    assert searching(50) <= few <= 40


def test_a_list_reads_no_text(
    folder: Path, library: SQLiteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a damaged one is noticed."""
    for draft in _drafts(3):
        library.add(draft)
    with sqlite3.connect(folder / FILE_NAME) as connection:
        connection.execute("UPDATE texts SET text = 'other'")
    connection.close()
    page = library.summaries(1, 2)
    assert (len(page.articles), page.total, library.counts()) == (2, 3, (3, 30))
    assert page.articles[0].characters == len(_drafts(3)[0].text)


# Removing many


def test_what_a_batch_removes_is_erased_at_its_end(folder: Path, library: SQLiteLibrary) -> None:
    def holds(word: bytes) -> bool:
        return any(word in file.read_bytes().lower() for file in folder.iterdir())

    for number in range(3):
        library.add(draft_of_text(f"Qxcvbnm leaves at {number}.", source=f"{number}"))
    with library.batch():
        for number in range(3):
            library.add(draft_of_text(f"Another leaves at {number}.", source=f"{number}"))
        found = library.search("qxcvbnm", 5, by="words").passages
        assert all(passage.score == 0 for passage in found)
        assert holds(b"qxcvbnm")
    assert not holds(b"qxcvbnm")
    assert check(folder) == []


def test_what_a_batch_that_broke_off_removed_is_erased_by_the_next_change(
    folder: Path, library: SQLiteLibrary
) -> None:
    library.add(draft_of_text("Qxcvbnm leaves.", source="a"))
    with SQLiteLibrary(folder, WordEmbedder()).batch():
        broken_off = Catalogue(folder, WordEmbedder())
        broken_off._batches = 1  # as of a process that is killed within a batch
        with broken_off.writing() as change:
            assert change.remove(all_articles(library)[0].id)
        library.add(draft_of_text("Another.", source="b"))
    with sqlite3.connect(folder / FILE_NAME) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert not any(b"qxcvbnm" in file.read_bytes().lower() for file in folder.iterdir())
