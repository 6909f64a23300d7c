"""Crashes on purpose, a few: ``python -m benchmarks.crash`` (``make crash``) makes many."""

import sys
from pathlib import Path

import pytest

from benchmarks.crash.corpus import Corpus
from benchmarks.crash.damaging import damage
from benchmarks.crash.filling import fill, fill_files
from benchmarks.crash.holding import EMBEDDER, Broken, check_searches, held, open_library
from benchmarks.crash.killing import Killing
from benchmarks.crash.process import Indexing
from benchmarks.crash.stepping import step
from index.article import Draft
from index.sqlite.library import SQLiteLibrary

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="they are made for Linux")


def test_a_library_whose_writer_is_killed_holds_what_was_acknowledged(tmp_path: Path) -> None:
    figures = Killing(tmp_path, seed=7, files=8).run(kills=5)
    assert figures.kills == 5
    assert figures.acknowledged > 5
    assert figures.checked > 5


def test_a_writer_that_is_killed_at_any_line_changes_all_or_nothing(tmp_path: Path) -> None:
    figures = step(tmp_path, most=8)
    assert figures.changes == 3
    assert figures.lines >= 24
    assert figures.before > 3
    assert figures.after > 3


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    figures = fill(tmp_path, seed=7, fills=1)
    assert (figures.fills, figures.held_all) == (1, 0)


def test_so_is_a_file_that_may_not_grow(tmp_path: Path) -> None:
    figures = fill_files(tmp_path, seed=7, fills=1)
    assert (figures.fills, figures.held_all) == (1, 0)


def test_a_damaged_file_is_told_with_the_remedy_or_is_as_good_as_before(tmp_path: Path) -> None:
    figures = damage(tmp_path, seed=7, damages=6)
    assert figures.broken == []
    assert figures.harmless + figures.told_when_opened + figures.told_by_check == 6
    assert figures.harmless < 6


def test_an_interrupted_index_stops_soon_keeps_what_it_told_and_goes_on_from_there(
    tmp_path: Path,
) -> None:
    corpus = Corpus(tmp_path / "articles", 60)
    process = Indexing(tmp_path / "kept" / "library", corpus.folder)
    process.read(3)
    assert process.interrupt() == 130
    assert process.lines[-1] == (
        "stopped: the articles taken in so far stay in the library; the same command does the rest"
    )
    told = [line.split()[1] for line in process.lines if line.startswith("added")]
    assert 3 <= len(told) < 60
    again = Indexing(tmp_path / "kept" / "library", corpus.folder)
    assert again.end() == 0
    assert {f"unchanged {path}" for path in told} <= {
        line.partition(" (")[0] for line in again.lines
    }
    assert "holds 60 articles" in again.lines[-1]


# The tests of a crash would find what they are made for


@pytest.fixture
def drafts(tmp_path: Path) -> dict[str, Draft]:
    """What the library in ``tmp_path / "library"`` holds."""
    corpus = Corpus(tmp_path / "articles", 4)
    library = SQLiteLibrary(tmp_path / "library", EMBEDDER, create=True)
    made = {corpus.id(name): corpus.draft(name, 1) for name in corpus.versions}
    for draft in made.values():
        library.add(draft)
    return made


def test_a_lost_article_is_found_out(tmp_path: Path, drafts: dict[str, Draft]) -> None:
    library = open_library(tmp_path / "library")
    library.remove(next(iter(drafts)))
    with pytest.raises(Broken, match="is lost"):
        held(library, {article_id: (draft,) for article_id, draft in drafts.items()})


def test_an_article_of_another_text_is_found_out(tmp_path: Path, drafts: dict[str, Draft]) -> None:
    first, second, *_ = drafts
    swapped = {**drafts, first: drafts[second]}
    with pytest.raises(Broken, match="holds what was never taken in"):
        held(
            open_library(tmp_path / "library"),
            {article_id: (draft,) for article_id, draft in swapped.items()},
        )


def test_a_search_that_misses_an_article_is_found_out(
    tmp_path: Path, drafts: dict[str, Draft]
) -> None:
    library = open_library(tmp_path / "library")
    check_searches(library, drafts.values(), seed=1)
    library.remove(next(iter(drafts)))
    with pytest.raises(Broken, match="is not that of"):
        check_searches(library, drafts.values(), seed=1)
