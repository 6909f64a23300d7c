"""A library of format 1, as Pullquote made it then, opened now."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.article import Heading, Span, Structure
from index.errors import LibraryCorrupt
from index.ingest.loading import draft_of_text
from index.library import EmbeddedLibrary
from index.sqlite.schema import FILE_NAME, FORMAT_VERSION
from tests.fakes import WordEmbedder

OLD = Path(__file__).parents[2] / "data" / "libraries" / "format-1.sqlite3"
FERRY = "Harbour\n\nThe ferry to Skye leaves at noon. It is called Élan.\n\nTickets cost 12 pounds."
MUSEUM = "The museum of Bath opened in 1893. Its founder was Ada Hill."


@pytest.fixture
def old(folder: Path) -> Path:
    """The folder of a library of format 1."""
    folder.mkdir()
    shutil.copy(OLD, folder / FILE_NAME)
    return folder


def _migrated(folder: Path) -> EmbeddedLibrary:
    return EmbeddedLibrary(folder, WordEmbedder())


def test_the_file_is_of_format_1(old: Path) -> None:
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_articles_and_their_structure_stay_what_they_were(old: Path) -> None:
    library = _migrated(old)
    (ferry,) = (article for article in library.articles() if article.source == "ferry.txt")
    assert (ferry.title, ferry.published, ferry.text) == ("Boats", "2026-01-17", FERRY)
    assert (ferry.author, ferry.tags) == (None, ())
    draft = draft_of_text(FERRY, title="Boats", source="ferry.txt", published="2026-01-17")
    assert library.whole(ferry.id) == (ferry, Structure(draft.paragraphs, draft.headings))
    (notes,) = (article for article in library.articles() if article.title == "Notes")
    assert library.whole(notes.id)[1].headings[1] == Heading(Span(118, 125), 2)


def test_it_is_the_library_that_taking_the_same_in_now_makes(old: Path, tmp_path: Path) -> None:
    library = _migrated(old)
    fresh = EmbeddedLibrary(tmp_path / "fresh", WordEmbedder(), create=True)
    for article in library.articles():
        if article.title != "Notes":
            fresh.add(draft_of_text(article.text, article.title, article.source, article.published))
    (notes,) = (article for article in library.articles() if article.title == "Notes")
    library.remove(notes.id)
    assert library.revision == fresh.revision
    assert library.counts() == fresh.counts() == (3, 3)
    for query in ("ferry", "museum founder", "tickets"):
        assert library.search(query, 50) == fresh.search(query, 50)


def test_a_text_that_two_articles_say_becomes_one(old: Path) -> None:
    (passage,) = _migrated(old).search("museum", 1).passages
    assert [passage.article.text, *(copy.article.text for copy in passage.copies)] == [MUSEUM] * 2


def test_the_file_says_its_format_then_and_holds_nothing_of_the_old(old: Path) -> None:
    _migrated(old)
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert not [name for (name,) in names if name.startswith("old_")]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_library_that_cannot_be_migrated_stays_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM token_embeddings")
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        before = list(connection.execute("SELECT * FROM articles"))
    with pytest.raises(LibraryCorrupt, match="is damaged"):
        _migrated(old)
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert list(connection.execute("SELECT * FROM articles")) == before
