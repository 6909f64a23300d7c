"""A library of format 2, as Pullquote made it then, opened now: it is told, and rebuilt."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryTooOld
from index.exchange import export_library
from index.ingest.loading import draft_of_text
from index.sqlite.catalogue import Catalogue
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.rebuild import rebuild
from index.sqlite.schema import FILE_NAME, FORMAT_VERSION
from tests.fakes import WordEmbedder, all_articles

OLD = Path(__file__).parents[2] / "data" / "libraries" / "format-2.sqlite3"
FERRY = "Harbour\n\nThe ferry to Skye leaves at noon. It is called Élan.\n\nTickets cost 12 pounds."


@pytest.fixture
def old(folder: Path) -> Path:
    """The folder of a library of format 2."""
    folder.mkdir()
    shutil.copy(OLD, folder / FILE_NAME)
    return folder


def _set_version(folder: Path, version: int) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize("create", [False, True])
def test_an_older_format_is_told_with_the_remedy_and_left_alone(old: Path, create: bool) -> None:
    before = (old / FILE_NAME).read_bytes()
    with pytest.raises(
        LibraryTooOld,
        match=f"older format 2, and this Pullquote uses format {FORMAT_VERSION}: "
        "bring it to this format with 'pullquote rebuild --library .*library'",
    ):
        SQLiteLibrary(old, WordEmbedder(), create=create)
    with pytest.raises(LibraryTooOld, match="pullquote rebuild"):
        export_library(Catalogue(old, None), old / "export.jsonl")
    assert (old / FILE_NAME).read_bytes() == before


def test_a_check_tells_it_too(old: Path) -> None:
    (fault,) = check(old)
    assert fault.what.endswith(f"older format 2, and this Pullquote uses format {FORMAT_VERSION}")
    assert "pullquote rebuild" in fault.remedy


def test_a_rebuild_makes_the_library_that_ingesting_the_same_now_makes(
    old: Path, tmp_path: Path
) -> None:
    rebuilt = rebuild(old, WordEmbedder())
    assert (rebuilt.articles, rebuilt.changed, rebuilt.lost) == (4, (), ())
    assert check(old, "words") == []
    library = SQLiteLibrary(old, WordEmbedder())
    (ferry,) = (article for article in all_articles(library) if article.source == "ferry.txt")
    assert (ferry.text, ferry.author, ferry.tags) == (FERRY, "Ada", ("sea",))
    notes = next(article for article in all_articles(library) if article.source == "notes.md")
    library.remove(notes.id)
    library.remove(ferry.id)
    fresh = SQLiteLibrary(tmp_path / "fresh", WordEmbedder(), create=True)
    for article in all_articles(library):
        fresh.add(draft_of_text(article.text, article.title, article.source))
    assert (library.revision, library.counts()) == (fresh.revision, fresh.counts())
    assert library.search("museum founder", 50) == fresh.search("museum founder", 50)


def test_a_format_whose_articles_cannot_be_read_is_told_as_such(old: Path) -> None:
    _set_version(old, 1)
    for use in (lambda: SQLiteLibrary(old, WordEmbedder()), lambda: rebuild(old, WordEmbedder())):
        with pytest.raises(LibraryTooOld, match=r"older format 1, .* take its articles in again"):
            use()
