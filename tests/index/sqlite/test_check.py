"""Checking: a whole library passes, and each damage is told with its remedy."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import LibraryMissing, LibraryTooNew
from index.ingest.loading import draft_of_text
from index.sqlite.check import MOST_SHOWN, check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import FILE_NAME, FORMAT_VERSION

FERRY = "Harbour\n\nThe ferry to Skye leaves at noon. It is called Élan.\n\nTickets cost 12 pounds."


@pytest.fixture
def whole(folder: Path, library: SQLiteLibrary) -> Path:
    """The folder of a library with two articles of one text, and a third."""
    ferry = draft_of_text(FERRY, title="Boats", source="ferry.txt")
    library.add(replace(ferry, author="Ada", tags=("sea",)))
    library.add(draft_of_text(FERRY, title="Ships", source="copy.txt"))
    library.add(draft_of_text("The museum of Bath opened in 1893.", source="museum.txt"))
    return folder


def _change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_whole_library_has_no_faults(whole: Path) -> None:
    seen = []
    before = (whole / FILE_NAME).read_bytes()
    assert check(whole, "words", lambda name, done, total: seen.append((done, total))) == []
    assert (whole / FILE_NAME).read_bytes() == before
    assert seen[-1] == (len(seen), len(seen))


def test_an_empty_library_has_no_faults(folder: Path, library: SQLiteLibrary) -> None:
    assert check(folder) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE texts SET text = replace(text, 'noon', 'dusk')", "is not the one that was taken"),
        ("UPDATE texts SET text = CAST(x'ff' AS TEXT)", "decode"),
        ("UPDATE articles SET title = 'Other' WHERE title = 'Ships'", "its title, source, date"),
        ("UPDATE tags SET tag = 'land'", "its title, source, date, author or tags are not those"),
        ("UPDATE sentences SET last = last - 1", "its paragraphs, sentences or headings are not"),
        ("UPDATE paragraphs SET last = first WHERE number = 1", "a span must be"),
        ("UPDATE headings SET level = 3", "its paragraphs, sentences or headings are not those"),
        ("DELETE FROM paragraphs WHERE number = 2", "its paragraphs, sentences or headings"),
        ("DELETE FROM facts WHERE name = 'revision'", "the fact 'revision' is missing"),
        ("DELETE FROM facts WHERE name = 'dimensions'", "the fact 'dimensions' is missing"),
        ("UPDATE facts SET value = 'abc' WHERE name = 'revision'", "revision is not that of its"),
        ("UPDATE sentence_embeddings SET sentences = zeroblob(256)", "its checksum is another"),
        ("UPDATE token_embeddings SET tokens = x'00'", "its checksum is another"),
        ("DELETE FROM sentence_embeddings", "sentence_embeddings"),
        ("UPDATE token_counts SET paragraphs = paragraphs + 1", "how often each token occurs"),
        ("UPDATE signatures SET cluster = 7", "which paragraphs are near-duplicates is not what"),
        ("UPDATE signatures SET minhash = zeroblob(400)", "which paragraphs are near-dup"),
        (
            "DELETE FROM bands",
            "which paragraphs may be near-duplicates is not what their words say",
        ),
        ("DELETE FROM words", "is not indexed by its words"),
        ("UPDATE words SET text = 'other'", "paragraph 1 of the text '.*' is not indexed by its"),
        ("INSERT INTO words (text, heading, title) VALUES ('more', '', '')", "1 paragraphs are in"),
        ("DELETE FROM words_data WHERE id > 10", "index of words does not go with the words"),
        ("DELETE FROM texts", "belongs to nothing in texts"),
        ("DROP TABLE token_counts", "the counts of tokens cannot be read: no such table"),
        ("UPDATE facts SET value = '9' WHERE name = 'articles'", "it holds 3 articles, and says 9"),
        ("UPDATE facts SET value = 'x' WHERE name = 'paragraphs'", "'paragraphs' is no number"),
        ("PRAGMA application_id = 7", "does not say that it is a library"),
    ],
)
def test_each_damage_is_told_with_its_remedy(whole: Path, statement: str, what: str) -> None:
    _change(whole, statement)
    faults = check(whole)
    assert any(_matches(what, fault.what) for fault in faults), faults
    assert all(f"pullquote rebuild --library {whole}" in fault.remedy for fault in faults)


def _matches(pattern: str, text: str) -> bool:
    import re

    return re.search(pattern, text) is not None


def test_a_damaged_text_is_told_by_its_article_with_what_a_rebuild_cannot_do(whole: Path) -> None:
    _change(whole, "UPDATE texts SET text = replace(text, 'museum', 'cinema')")
    (fault,) = [fault for fault in check(whole) if fault.what.startswith("the article '")]
    assert "take the article in again, or put a backup in its place" in fault.remedy


def test_another_embedder_is_told(whole: Path) -> None:
    (fault,) = check(whole, "others")
    assert fault.what == "it was embedded with 'words', and the embedder is 'others'"


def test_many_faults_of_a_kind_are_counted(folder: Path, library: SQLiteLibrary) -> None:
    for number in range(MOST_SHOWN + 3):
        library.add(draft_of_text(f"Text {number}.", source=f"{number}"))
    _change(folder, "UPDATE articles SET title = 'Other'")
    told = [fault.what for fault in check(folder)]
    assert "the articles: 3 more like these" in told
    assert len(told) == MOST_SHOWN + 1


def _flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[3 * 4096 + 8 : 3 * 4096 + 40] = b"\xff" * 32
    file.write_bytes(data)


def _cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def _no_database(file: Path) -> None:
    file.write_bytes(b"nothing" * 1000)


@pytest.mark.parametrize("damage", [_flipped, _cut_off, _no_database], ids=lambda f: f.__name__)
def test_a_damaged_file_is_told(whole: Path, damage: Callable[[Path], None]) -> None:
    damage(whole / FILE_NAME)
    faults = check(whole)
    assert faults
    assert all("pullquote rebuild" in fault.remedy for fault in faults)


def test_what_is_missing_or_too_new_is_told(folder: Path, whole: Path) -> None:
    with pytest.raises(LibraryMissing, match="there is no library in"):
        check(folder / "none")
    _change(whole, f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    with pytest.raises(LibraryTooNew, match=f"has format {FORMAT_VERSION + 1}"):
        check(whole)
