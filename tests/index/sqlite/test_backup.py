"""Backups: a whole library of one moment, while others write."""

import threading
from pathlib import Path

import pytest

from index.errors import LibraryCorrupt, LibraryError, LibraryMissing
from index.ingest.loading import draft_of_text
from index.sqlite import backup
from index.sqlite.backup import back_up
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import FILE_NAME
from tests.fakes import WordEmbedder, all_articles

FERRY = "The ferry to Skye leaves at noon.\n\nTickets cost 12 pounds."


@pytest.fixture
def filled(library: SQLiteLibrary) -> SQLiteLibrary:
    for number in range(5):
        library.add(draft_of_text(f"{FERRY} {number}", source=f"{number}"))
    return library


def test_a_backup_is_the_same_library(filled: SQLiteLibrary, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    target = tmp_path / "a" / "b"
    back_up(filled.folder, target, lambda *progress: told.append(progress))
    copy = SQLiteLibrary(target, WordEmbedder())
    assert (copy.revision, all_articles(copy)) == (filled.revision, all_articles(filled))
    assert copy.search("ferry", 5) == filled.search("ferry", 5)
    assert told[-1][0] == told[-1][1] > 0
    assert [file.name for file in target.iterdir()] == [FILE_NAME]


def test_a_backup_is_of_one_moment_while_others_write(
    filled: SQLiteLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    revision = filled.revision
    extra = 0

    def write(done: int, total: int) -> None:
        nonlocal extra
        if extra < 3:
            thread = threading.Thread(
                target=filled.add, args=(draft_of_text("More.", source=f"more {extra}"),)
            )
            thread.start()
            thread.join()
            extra += 1

    back_up(filled.folder, tmp_path / "copy", write)
    assert extra == 3
    assert SQLiteLibrary(tmp_path / "copy", WordEmbedder()).revision == revision
    assert check(tmp_path / "copy", "words") == []
    assert filled.counts()[0] == 8


def test_a_library_is_never_overwritten(filled: SQLiteLibrary) -> None:
    with pytest.raises(LibraryError, match="holds a library already: give another folder"):
        back_up(filled.folder, filled.folder)


def test_what_cannot_be_copied_is_told(filled: SQLiteLibrary, tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="there is no library in"):
        back_up(tmp_path / "none", tmp_path / "copy")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LibraryError, match="cannot be written"):
        back_up(filled.folder, tmp_path / "file" / "copy")
    file = filled.folder / FILE_NAME
    data = bytearray(file.read_bytes())
    data[4 * 4096 : 5 * 4096] = b"\xff" * 4096
    file.write_bytes(data)
    with pytest.raises(LibraryCorrupt, match="is damaged"):
        back_up(filled.folder, tmp_path / "copy")
    assert not list((tmp_path / "copy").glob("*"))
