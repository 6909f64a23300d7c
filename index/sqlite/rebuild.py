"""Rebuilding: all that is derived, made anew from the articles; what can be saved of a damaged
library."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.article import Article, Draft, Structure
from index.embedding.embedder import Embedder
from index.errors import (
    InputError,
    LibraryCorrupt,
    LibraryError,
    LibraryMissing,
)
from index.identity import identify
from index.ingest.loading import draft_of_text
from index.sqlite.database import Database
from index.sqlite.format import require_format
from index.sqlite.library import SQLiteLibrary
from index.sqlite.lock import writers_lock
from index.sqlite.schema import APPLICATION_ID, FILE_NAME, OLDEST_READABLE
from index.sqlite.snapshot import SQLiteSnapshot

WORKSHOP = "rebuild"
"""The folder, within the library's, where the new one is made."""

DAMAGED = f"{FILE_NAME}.damaged"
"""Where the file goes of which not all could be saved."""

Progress = Callable[[int, int], None]
"""Called with how many articles are done, of how many."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of a library.

    ``changed`` and ``lost`` are the articles that are not what they were, each with the reason;
    ``damaged`` is where the old file is when there are any.
    """

    articles: int
    changed: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    damaged: Path | None


@dataclass(frozen=True, slots=True)
class _Saved:
    """An article as far as it can be read; ``reason`` says what is not as it was."""

    article_id: str
    draft: Draft | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    article_id: str
    lost: bool
    reason: str


def rebuild(folder: Path, embedder: Embedder, on_progress: Progress | None = None) -> Rebuilt:
    """Make a library anew from its articles, with this embedder, whatever it was built with.

    Others may read it meanwhile, and see the old one to the end. When it breaks off, the library
    is as it was. Raises ``LibraryMissing``, ``LibraryTooNew``, ``LibraryTooOld``,
    ``LibraryLocked``, or ``LibraryCorrupt`` when nothing can be saved.
    """
    database = Database(folder / FILE_NAME)
    if not os.path.exists(database.path):
        raise LibraryMissing(f"there is no library in {str(folder)!r}: give another with --library")
    workshop = folder / WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)  # of one that broke off
    try:
        _require_readable(database)
        with writers_lock(folder, database.wait):
            outcomes = _rebuilt(database, workshop, embedder, on_progress)
            harmed = [one for one in outcomes if one.reason]
            damaged = _kept_aside(database) if harmed else None
            _put_in_place(workshop / FILE_NAME, database)
    except LibraryCorrupt as error:
        raise LibraryCorrupt(
            f"nothing in {str(database.path)!r} can be saved ({error.__cause__ or error}): put a "
            "backup in its place, or move it away and take the articles in again"
        ) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return Rebuilt(
        sum(not one.lost for one in outcomes),
        tuple((one.article_id, one.reason) for one in harmed if not one.lost),
        tuple((one.article_id, one.reason) for one in harmed if one.lost),
        damaged,
    )


def _require_readable(database: Database) -> None:
    with database.reading() as connection:
        snapshot = SQLiteSnapshot(connection)
        if snapshot.file_format[0] == APPLICATION_ID:  # else it is damaged
            require_format(snapshot, database.path, OLDEST_READABLE)


def _rebuilt(
    database: Database, workshop: Path, embedder: Embedder, on_progress: Progress | None
) -> list["_Outcome"]:
    new = SQLiteLibrary(workshop, embedder, create=True)
    outcomes = []
    with database.reading() as connection:
        ids = _ids(connection)
        for done, saved in enumerate(_salvaged(connection, ids), 1):
            if saved.draft:
                new.add(saved.draft)
            outcomes.append(_Outcome(saved.article_id, saved.draft is None, saved.reason))
            if on_progress:
                on_progress(done, len(ids))
    return outcomes


def _ids(connection: sqlite3.Connection) -> list[str]:
    """The ids of all articles that can be read, row by row where not all can be at once."""
    try:
        return SQLiteSnapshot(connection).article_ids()
    except sqlite3.DatabaseError:
        last = connection.execute("SELECT max(rowid) FROM articles").fetchone()[0] or 0
    ids = []
    for row in range(1, last + 1):
        try:
            found = connection.execute("SELECT id FROM articles WHERE rowid = ?", (row,)).fetchone()
        except sqlite3.DatabaseError:
            continue
        ids += [str(found[0])] if found else []
    return ids


def _salvaged(connection: sqlite3.Connection, ids: list[str]) -> Iterator[_Saved]:
    snapshot = SQLiteSnapshot(connection)
    for article_id in ids:
        try:
            article = snapshot.article(article_id)
        except sqlite3.DatabaseError as error:
            yield _Saved(article_id, None, str(error))
            continue
        yield _saved(snapshot, article_id, article)


def _saved(snapshot: SQLiteSnapshot, article_id: str, article: Article | None) -> _Saved:
    if article is None:
        return _Saved(article_id, None, "it has no text")
    try:
        draft = Draft.from_article(article, snapshot.structure(article_id))
    except sqlite3.DatabaseError:
        draft = Draft.from_article(article, Structure((), ()))
    identity = identify(draft)
    if identity.text_id != snapshot.text_id(article_id):
        return _split_anew(article)
    if identity.fingerprint != snapshot.fingerprint(article_id):
        return _Saved(
            article_id,
            draft,
            "its title, source, date, author or tags are not those taken in: look at them",
        )
    return _Saved(article_id, draft)


def _split_anew(article: Article) -> _Saved:
    """The article with the structure of a plain text, where its own is damaged."""
    try:
        plain = draft_of_text(article.text)
    except InputError as error:
        return _Saved(article.id, None, str(error))
    draft = Draft.from_article(article, Structure(plain.paragraphs, plain.headings))
    return _Saved(article.id, draft, "its structure was damaged: it was split as plain text")


def _kept_aside(database: Database) -> Path:
    with suppress(LibraryError):
        database.empty_log()
    aside = database.path.with_name(DAMAGED)
    shutil.copy2(database.path, aside)
    return aside


def _put_in_place(new: Path, database: Database) -> None:
    """Let the new file's content become the library's, in one transaction of its readers."""
    with closing(sqlite3.connect(new)) as source:
        try:
            with database.connection() as target:
                source.backup(target)
        except LibraryCorrupt:  # so damaged that SQLite does not write to it
            _replace(new, database.path)
            return
    database.empty_log()


def _replace(new: Path, file: Path) -> None:
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    os.replace(new, file)
