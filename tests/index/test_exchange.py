"""Export and import: round-trip exact, and nothing is taken in of a file that is not whole."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.article import Draft, Heading, Paragraph, Span
from index.errors import InputError, LibraryError, LibraryMissing
from index.exchange import export_library, import_library
from index.ingest.loading import draft_of_text, load
from index.sqlite.catalogue import Catalogue
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder, all_articles

TEXT = (
    'Quay "A"\n\nThe 😀 ferry\u2028leaves at noon. Cafe\u0301 \\ opens.\r\n\r\nIt is called Élan.'
)


@pytest.fixture
def filled(folder: Path, library: SQLiteLibrary) -> SQLiteLibrary:
    """A library with structure, metadata, pages and characters of all kinds."""
    plain = draft_of_text(TEXT, title="Boats", source="a", published="2026-01-17")
    pages = tuple(replace(part, page=part.number) for part in plain.paragraphs)
    library.add(replace(plain, author="Ada", tags=("sea", "a, b"), paragraphs=pages))
    library.add(load(b"# One\n\nText of one.\n\n## Two\n\n- Item.\n", "notes.md"))
    heading = Heading(Span(0, 1), level=0)
    library.add(Draft("A\n\nB.", (Paragraph(1, Span(3, 5), (Span(3, 5),), heading),), (heading,)))
    library.add(draft_of_text(TEXT, title="Copy", source="b"))
    return library


@pytest.fixture
def exported(filled: SQLiteLibrary, tmp_path: Path) -> Path:
    file = tmp_path / "library.jsonl"
    assert export_library(Catalogue(filled.folder, None), file) == 4
    return file


@pytest.fixture
def other(tmp_path: Path) -> SQLiteLibrary:
    """Another, empty library."""
    return SQLiteLibrary(tmp_path / "other", WordEmbedder(), create=True)


def test_what_is_imported_is_the_library_that_was_exported(
    filled: SQLiteLibrary, exported: Path, other: SQLiteLibrary
) -> None:
    assert import_library(other, exported) == 4
    assert other.revision == filled.revision
    for article in all_articles(filled):
        assert other.whole(article.id) == filled.whole(article.id)
    assert other.search("ferry noon", 50) == filled.search("ferry noon", 50)


def test_equal_libraries_give_equal_bytes(
    exported: Path, other: SQLiteLibrary, tmp_path: Path
) -> None:
    import_library(other, exported)
    export_library(Catalogue(other.folder, None), tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == exported.read_bytes()


def test_an_export_over_the_same_file_replaces_it_whole(
    filled: SQLiteLibrary, exported: Path
) -> None:
    filled.remove(all_articles(filled)[0].id)
    export_library(Catalogue(filled.folder, None), exported)
    assert len(exported.read_text("utf-8").split("\n")) == 5
    assert not list(exported.parent.glob("*.part"))


def test_an_empty_library_is_exported_and_imported(
    folder: Path, library: SQLiteLibrary, other: SQLiteLibrary, tmp_path: Path
) -> None:
    assert export_library(Catalogue(folder, None), tmp_path / "none.jsonl") == 0
    assert import_library(other, tmp_path / "none.jsonl") == 0


def test_progress_is_told(exported: Path, other: SQLiteLibrary) -> None:
    told: list[tuple[str, int, int]] = []
    import_library(other, exported, lambda *progress: told.append(progress))
    assert told[0] == ("checking", 1, 4)
    assert told[-1] == ("importing", 4, 4)


def test_articles_of_the_same_source_are_replaced(exported: Path, other: SQLiteLibrary) -> None:
    other.add(draft_of_text("Before.", source="a"))
    other.add(draft_of_text("Beside.", source="c"))
    import_library(other, exported)
    assert other.counts()[0] == 5


def _cut_off(lines: list[str]) -> str:
    return "\n".join(lines[:-1]) + "\n"


def _cut_within(lines: list[str]) -> str:
    return "\n".join(lines)[:-60]


def _without_header(lines: list[str]) -> str:
    return "\n".join(lines[1:])


def _edited(lines: list[str]) -> str:
    return "\n".join(lines).replace("leaves at noon", "leaves at dusk")


def _nothing(lines: list[str]) -> str:
    return ""


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_cut_off, "it has 3 articles and should have 4"),
        (_cut_within, "line 5: the line: Invalid JSON"),
        (_without_header, "line 1: pullquote: Field required"),
        (_edited, "its articles are not those that were exported"),
        (_nothing, "line 1: the line: Invalid JSON"),
    ],
)
def test_a_file_that_is_not_whole_takes_nothing_in(
    exported: Path, other: SQLiteLibrary, damage: Callable[[list[str]], str], why: str
) -> None:
    exported.write_text(damage(exported.read_text("utf-8").rstrip("\n").split("\n")), "utf-8")
    with pytest.raises(InputError, match="is no whole export of a library") as caught:
        import_library(other, exported)
    assert why in str(caught.value)
    assert other.counts() == (0, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"paragraphs": []}, "it has no paragraphs"),
        ({"text": "T"}, "lies outside"),
        ({"headings": [[5, 99, 1]]}, "lies outside"),
        ({"headings": [[5, 5, 1]]}, "a span must be"),
        ({"headings": [[-1, 5, 1]]}, "a span must be"),
        ({"tags": "sea"}, "tags: Input should be a valid array"),
        ({"title": 7}, "title: Input should be a valid string"),
        ({"more": 7}, "more: Extra inputs are not permitted"),
        (
            {"paragraphs": [{"span": [0, 4], "sentences": [], "heading": None, "page": None}]},
            "paragraph 1 has no sentences",
        ),
        (
            {"paragraphs": [{"span": [0, 4], "sentences": [[0, 5]], "heading": None, "page": 1}]},
            "a sentence of paragraph 1 lies outside",
        ),
        (
            {"paragraphs": [{"span": [0, 4], "sentences": [[0, 4]], "heading": 3, "page": None}]},
            "line 2: 3",
        ),
    ],
)
def test_an_article_that_cannot_be_is_refused(
    other: SQLiteLibrary, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    article = {
        "text": "Text.",
        "title": "",
        "source": None,
        "published": None,
        "author": None,
        "tags": [],
        "headings": [],
        "paragraphs": [{"span": [0, 5], "sentences": [[0, 5]], "heading": None, "page": None}],
    }
    header = {"pullquote": "library", "version": 1, "articles": 1, "revision": "0"}
    file = tmp_path / "made.jsonl"
    file.write_text(f"{json.dumps(header)}\n{json.dumps({**article, **change})}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        import_library(other, file)
    assert why in str(caught.value)


def test_files_that_cannot_be_read_or_written_are_told(
    filled: SQLiteLibrary, other: SQLiteLibrary, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        import_library(other, tmp_path / "none.jsonl")
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="it is not UTF-8"):
        import_library(other, tmp_path / "latin")
    with pytest.raises(LibraryError, match="cannot be written"):
        export_library(Catalogue(filled.folder, None), tmp_path / "none" / "library.jsonl")
    with pytest.raises(LibraryMissing, match="there is no library in"):
        export_library(Catalogue(tmp_path / "none", None), tmp_path / "library.jsonl")
