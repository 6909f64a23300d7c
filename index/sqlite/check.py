"""Checking: whether a library is whole, and what exactly is broken when it is not."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.article import Draft
from index.errors import LibraryCorrupt, LibraryMissing
from index.identity import identify, library_revision
from index.ingest.near_duplicates import Signature, clusters, signatures
from index.sqlite.database import Database
from index.sqlite.format import remedy_of_age, require_format, too_old
from index.sqlite.schema import APPLICATION_ID, FILE_NAME, FORMAT_VERSION
from index.sqlite.snapshot import SQLiteSnapshot
from index.sqlite.vectors import Vectors

MOST_SHOWN = 20
"""Faults of one kind that are told one by one."""

WORDS_TABLES = ("words_data", "words_idx", "words_content", "words_docsize", "words_config")
"""The tables that FTS5 keeps the index of words in."""

Progress = Callable[[str, int, int], None]
"""Called with what is looked at, how many checks are done, of how many."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is broken, and how to mend it."""

    what: str
    remedy: str


def check(
    folder: Path, embedder: str | None = None, on_progress: Progress | None = None
) -> list[Fault]:
    """All that is broken in the library in ``folder``; nothing is changed.

    ``embedder`` is the name of the one that the library will be used with. Raises
    ``LibraryMissing``, ``LibraryTooNew``, or ``LibraryError`` for a file that cannot be opened.
    """
    database = Database(folder / FILE_NAME)
    if not os.path.exists(database.path):
        raise LibraryMissing(f"there is no library in {str(folder)!r}: give another with --library")
    try:
        with database.reading() as connection:
            return _Examination(connection, folder, embedder).faults(on_progress)
    except LibraryCorrupt as error:
        return [Fault(str(error), _rebuild(folder))]


class _Examination:
    """One revision of a library, looked at from all sides."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, embedder: str | None) -> None:
        self._db = connection
        self._folder = folder
        self._embedder = embedder

    def faults(self, on_progress: Progress | None) -> list[Fault]:
        older = self._older_format()
        if older:
            return [older]
        snapshot = SQLiteSnapshot(self._db, _dimensions(self._db))
        checks = (
            ("the database's pages", self._pages, _rebuild(self._folder)),
            ("the facts", lambda: self._facts(snapshot), _rebuild(self._folder)),
            ("the articles", lambda: _articles(snapshot), self._remedy_of_articles()),
            ("the embeddings", lambda: _embeddings(self._db, snapshot), _rebuild(self._folder)),
            ("the counts of tokens", lambda: _token_counts(self._db), _rebuild(self._folder)),
            ("the index of words", lambda: _words(self._db), _rebuild(self._folder)),
            ("the near-duplicates", lambda: _near_duplicates(snapshot), _rebuild(self._folder)),
            ("the vectors", lambda: _vectors(snapshot), _rebuild(self._folder)),
        )
        faults: list[Fault] = []
        for done, (name, found, remedy) in enumerate(checks, 1):
            if on_progress:
                on_progress(name, done, len(checks))
            faults += [Fault(what, remedy) for what in _told(name, found)]
        return faults

    def _older_format(self) -> Fault | None:
        snapshot = SQLiteSnapshot(self._db)
        application, version = snapshot.file_format
        if application != APPLICATION_ID:
            raise sqlite3.DatabaseError("the file does not say that it is a library")
        require_format(snapshot, self._folder / FILE_NAME, oldest=0)
        if version == FORMAT_VERSION:
            return None
        return Fault(too_old(self._folder, version), remedy_of_age(self._folder, version))

    def _remedy_of_articles(self) -> str:
        return (
            "take the article in again, or put a backup in its place; or leave out what is "
            f"damaged: {_rebuild(self._folder)}"
        )

    def _pages(self) -> Iterator[str]:
        for (found,) in self._db.execute(f"PRAGMA integrity_check({MOST_SHOWN})"):
            if found != "ok":
                yield f"the database: {' '.join(found.split())}"
        for table, row, parent, _ in self._db.execute("PRAGMA foreign_key_check"):
            yield f"row {row} of {table} belongs to nothing in {parent}"

    def _facts(self, snapshot: SQLiteSnapshot) -> Iterator[str]:
        marks = self._db.execute("SELECT fingerprint FROM articles")
        if library_revision(row[0] for row in marks) != snapshot.revision:
            yield "the library's revision is not that of its articles"
        for table, count in zip(("articles", "paragraphs"), snapshot.counts(), strict=True):
            counted = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - the names are ours
            if count != counted:
                yield f"it holds {counted} {table}, and says {count}"
        name, _ = snapshot.embedder
        if self._embedder not in (None, name):
            yield f"it was embedded with {name!r}, and the embedder is {self._embedder!r}"


def _dimensions(connection: sqlite3.Connection) -> int:
    """The length of the vectors that a library was built with."""
    row = connection.execute("SELECT value FROM facts WHERE name = 'dimensions'").fetchone()
    if row is None or not str(row[0]).isdecimal():
        raise sqlite3.DatabaseError("the fact 'dimensions' is missing or no number")
    return int(row[0])


def _told(name: str, found: Callable[[], Iterator[str]]) -> list[str]:
    """What a check finds, the first of it, and that it could not go on where it could not."""
    told: list[str] = []
    more = 0
    try:
        for what in found():
            more += len(told) == MOST_SHOWN
            told += [what] if len(told) < MOST_SHOWN else []
    except (sqlite3.Error, ValueError, TypeError) as error:
        told.append(f"{name} cannot be read: {error}")
    return [*told, f"{name}: {more} more like these"] if more else told


def _articles(snapshot: SQLiteSnapshot) -> Iterator[str]:
    for article_id in snapshot.article_ids():
        what = f"the article {article_id!r}"
        try:
            article, structure = snapshot.article(article_id), snapshot.structure(article_id)
        except sqlite3.DatabaseError as error:
            yield f"{what}: {error}"
            continue
        if article is None:
            yield f"{what} has no text"
            continue
        identity = identify(Draft.from_article(article, structure))
        if identity.text_id != snapshot.text_id(article_id):
            yield f"{what}: its paragraphs, sentences or headings are not those taken in"
        elif identity.fingerprint != snapshot.fingerprint(article_id):
            yield f"{what}: its title, source, date, author or tags are not those taken in"


def _embeddings(connection: sqlite3.Connection, snapshot: SQLiteSnapshot) -> Iterator[str]:
    rows = connection.execute(
        "SELECT p.id, p.text_id, p.number, count(s.first) FROM paragraphs p "
        "LEFT JOIN sentences s ON s.paragraph_id = p.id GROUP BY p.id"
    )
    for paragraph_id, text_id, number, sentences in rows.fetchall():
        try:
            wrong = _wrong_shape(snapshot, paragraph_id, sentences)
        except (sqlite3.DatabaseError, ValueError) as error:
            wrong = str(error)
        if wrong:
            yield f"the embeddings of paragraph {number} of the text {text_id[:16]!r}: {wrong}"


def _wrong_shape(snapshot: SQLiteSnapshot, paragraph_id: int, sentences: int) -> str:
    ids = np.array([paragraph_id], np.int64)
    (vectors,) = snapshot.sentence_embeddings(ids)
    (tokens,) = snapshot.token_embeddings(ids)
    bits, numbers = tokens.bits, tokens.sentences
    if len(vectors) != sentences:
        return f"{len(vectors)} vectors for {sentences} sentences"
    if not np.isfinite(vectors).all():
        return "not all are numbers"
    if len(bits) != len(numbers) or (len(numbers) and not 0 <= numbers.max() < sentences):
        return "its tokens do not go with its sentences"
    return ""


def _token_counts(connection: sqlite3.Connection) -> Iterator[str]:
    counted: dict[int, int] = {}
    for (blob,) in connection.execute("SELECT token_ids FROM token_embeddings"):
        for token in np.frombuffer(blob, "<i4").tolist():
            counted[token] = counted.get(token, 0) + 1
    if counted != dict(connection.execute("SELECT token_id, paragraphs FROM token_counts")):
        yield "how often each token occurs is not what the paragraphs say"


def _words(connection: sqlite3.Connection) -> Iterator[str]:
    indexed = {row[0]: row[1:] for row in connection.execute("SELECT rowid, * FROM words")}
    for paragraph_id, text_id, number, *expected in connection.execute(
        "SELECT p.id, p.text_id, p.number, substr(t.text, p.first + 1, p.last - p.first), "
        "coalesce(substr(t.text, h.first + 1, h.last - h.first), '') "
        "FROM paragraphs p JOIN texts t ON t.id = p.text_id "
        "LEFT JOIN headings h ON h.text_id = p.text_id AND h.first = p.heading"
    ):
        if list(indexed.pop(paragraph_id, ()))[:2] != expected:
            yield f"paragraph {number} of the text {text_id[:16]!r} is not indexed by its words"
    if indexed:
        yield f"{len(indexed)} paragraphs are indexed that no article has"
    yield from _index_of_words(connection)


def _index_of_words(connection: sqlite3.Connection) -> Iterator[str]:
    """FTS5 looks at its index itself, but only where it may write: in a copy in memory."""
    declared = "SELECT sql FROM sqlite_master WHERE name = 'words'"
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.execute(connection.execute(declared).fetchone()[0])
        for table in WORDS_TABLES:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are ours
            rows = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - the names are ours
            marks = ", ".join("?" * len(rows.description))
            copy.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - the names are ours
        try:
            copy.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            yield f"the index of words does not go with the words ({error})"


def _near_duplicates(snapshot: SQLiteSnapshot) -> Iterator[str]:
    """Whether each paragraph has the signature of its words, and each cluster what is near."""
    expected: dict[int, Signature] = {}
    for article_id in snapshot.article_ids():
        for article, structure in snapshot.wholes([article_id]):
            draft = Draft.from_article(article, structure)
            expected.update({signature.id: signature for signature in signatures(draft)})
    found = {signature.id: signature for signature in snapshot.signatures()}
    kept = {
        signature.id: (min(one.id for one in together), *_content(signature))
        for together in clusters(list(expected.values()))
        for signature in together
    }
    if kept != {
        signature_id: (cluster, *_content(found[signature_id]))
        for signature_id, cluster in snapshot.clusters_by_signature().items()
    }:
        yield "which paragraphs are near-duplicates is not what their words say"
    if snapshot.bands() != {(band, one.id) for one in expected.values() for band in one.bands}:
        yield "which paragraphs may be near-duplicates is not what their words say"


def _content(signature: Signature) -> tuple[bytes, tuple[int, ...]]:
    return signature.values.tobytes(), signature.bands


def _vectors(snapshot: SQLiteSnapshot) -> Iterator[str]:
    ids = snapshot.paragraph_ids()
    if not len(ids):
        return
    vectors = Vectors(snapshot.embedder[1])
    query = snapshot.sentence_embeddings(ids[:1])[0][0]
    rows = sum(len(sentences) for sentences in snapshot.sentence_embeddings(ids))
    if vectors.nearest(snapshot, query, rows).tolist() != ids.tolist():
        yield "not every paragraph is found by its vectors"


def _rebuild(folder: Path) -> str:
    return f"run 'pullquote rebuild --library {folder}'"
