"""Formats: whether this version can use the library in a file, and what to do when it cannot."""

from pathlib import Path

from index.errors import LibraryCorrupt, LibraryTooNew, LibraryTooOld
from index.sqlite.schema import APPLICATION_ID, FORMAT_VERSION, OLDEST_READABLE
from index.sqlite.snapshot import SQLiteSnapshot


def require_format(snapshot: SQLiteSnapshot, path: Path, oldest: int = FORMAT_VERSION) -> None:
    """Raise unless the file at ``path`` holds a library of a format from ``oldest`` to this one.

    Raises ``LibraryCorrupt`` for a database of something else, ``LibraryTooNew`` and
    ``LibraryTooOld``.
    """
    application, version = snapshot.file_format
    if application != APPLICATION_ID:
        raise LibraryCorrupt(
            f"{str(path)!r} is an SQLite database but not a library: give another folder with "
            "--library"
        )
    if version > FORMAT_VERSION:
        raise LibraryTooNew(
            f"the library in {str(path.parent)!r} has format {version}, and this Pullquote knows "
            f"formats up to {FORMAT_VERSION}: upgrade Pullquote, or give another folder with "
            "--library"
        )
    if version < oldest:
        raise LibraryTooOld(
            f"{too_old(path.parent, version)}: {remedy_of_age(path.parent, version)}"
        )


def too_old(folder: Path, version: int) -> str:
    return (
        f"the library in {str(folder)!r} has the older format {version}, and this Pullquote uses "
        f"format {FORMAT_VERSION}"
    )


def remedy_of_age(folder: Path, version: int) -> str:
    """What brings an older library to this format."""
    if version < OLDEST_READABLE:
        return "move it away, and take its articles in again with 'pullquote index'"
    return f"bring it to this format with 'pullquote rebuild --library {folder}'"
