"""Backups: a library's file copied while others read and write it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from index.errors import LibraryCorrupt, LibraryError, LibraryMissing
from index.sqlite.database import Database
from index.sqlite.schema import FILE_NAME

PAGES = 4096
"""Pages that are copied between two reports of progress."""

Progress = Callable[[int, int], None]
"""Called with how many pages are copied, of how many."""


def back_up(folder: Path, target: Path, on_progress: Progress | None = None) -> None:
    """Copy the library in ``folder``, as it is at one moment, into the folder ``target``.

    The copy is a library. It stands in its place only when it is whole. Raises
    ``LibraryMissing``, and ``LibraryError`` when ``target`` holds a library or cannot be written.
    """
    database = Database(folder / FILE_NAME)
    if not os.path.exists(database.path):
        raise LibraryMissing(f"there is no library in {str(folder)!r}: give another with --library")
    file = target / FILE_NAME
    if file.exists():
        raise LibraryError(f"{str(target)!r} holds a library already: give another folder")
    part = target / f"{FILE_NAME}.part"
    try:
        target.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _copy(database, part, on_progress)
        os.replace(part, file)
    except (OSError, sqlite3.OperationalError) as error:
        raise LibraryError(
            f"{str(target)!r} cannot be written ({error}): give a folder that is yours to write "
            "and has room"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(database: Database, part: Path, on_progress: Progress | None) -> None:
    def report(_: int, remaining: int, total: int) -> None:
        if on_progress:
            on_progress(total - remaining, total)

    with database.reading() as source, closing(sqlite3.connect(part)) as copy:
        source.execute("SELECT count(*) FROM facts")  # from here on it stays the same revision
        source.backup(copy, pages=PAGES, progress=report)
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise LibraryCorrupt(
            f"{str(database.path)!r} is damaged ({found}): 'pullquote check --library "
            f"{database.path.parent}' says more"
        )
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
