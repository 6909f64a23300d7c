"""The catalogue: one SQLite file that holds all that a library knows.

Articles, their parts, what the embedder made of them, and the words (FTS5, BM25, Porter stems).
It is the truth; the FAISS vectors are derived from it. One article goes in or out in one
transaction, and a reader sees one revision for as long as its transaction lasts.
"""

import hashlib
import math
import os
import re
import sqlite3
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.article import (
    Article,
    Draft,
    Filters,
    Heading,
    Paragraph,
    Span,
    Structure,
    id_of,
    revision_of,
)
from index.embedding import Bits, Embedded, Embedder, Floats, SentenceNumbers, TokenIds
from index.errors import (
    EmbedderMismatch,
    LibraryCorrupt,
    LibraryError,
    LibraryLocked,
    LibraryMissing,
    LibraryTooNew,
)
from index.stopwords import STOPWORDS

FILE_NAME = "catalogue.sqlite3"
FORMAT_VERSION = 1
APPLICATION_ID = 0x50554C4C  # "PULL", so that `file` and we can tell a library
LOCK_SECONDS = 5.0
"""How long a writer waits for another one."""

Ids = NDArray[np.int64]

SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    source TEXT,
    published TEXT,
    text TEXT NOT NULL,
    revision TEXT NOT NULL,
    fingerprint TEXT NOT NULL
);
CREATE TABLE headings (
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    level INTEGER NOT NULL,
    PRIMARY KEY (article_id, first)
) WITHOUT ROWID;
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    heading INTEGER,
    UNIQUE (article_id, number)
);
CREATE TABLE sentences (
    paragraph_id INTEGER NOT NULL REFERENCES paragraphs ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (paragraph_id, first)
) WITHOUT ROWID;
CREATE TABLE sentence_embeddings (
    paragraph_id INTEGER PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
    sentences BLOB NOT NULL
);
CREATE TABLE token_embeddings (
    paragraph_id INTEGER PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
    token_ids BLOB NOT NULL,
    tokens BLOB NOT NULL,
    token_sentences BLOB NOT NULL
);
CREATE TABLE token_counts (token_id INTEGER PRIMARY KEY, paragraphs INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
    text, heading, title, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Paragraph ids and their BM25 scores, positive, higher is better."""

    ids: Ids
    scores: Floats


class Catalogue:
    """A library's SQLite file, opened for reading or writing a transaction at a time.

    Raises ``LibraryMissing``, ``LibraryTooNew``, ``LibraryCorrupt`` or ``EmbedderMismatch`` when
    it cannot be used with this embedder.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, *, create: bool, wait: float = LOCK_SECONDS
    ) -> None:
        self.path = folder / FILE_NAME
        self._embedder = embedder
        self._wait = wait
        if create and self._is_blank():
            self._create()
        if self._is_blank():
            raise LibraryMissing(
                f"there is no library in {str(folder)!r}: take in articles with "
                f"'pullquote index PATH... --library {folder}'"
            )
        with self.reading() as view:
            self._check(view)

    @contextmanager
    def reading(self) -> Iterator["View"]:
        """One revision of the library, unchanged until the block ends."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            yield View(connection, self._embedder.dimensions)

    @contextmanager
    def writing(self) -> Iterator["Draftsman"]:
        """One change to the library: all of it, or nothing when the block raises."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Draftsman(connection, self._embedder.dimensions)
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self, mode: Literal["rw", "rwc"] = "rw") -> Iterator[sqlite3.Connection]:
        """A connection; what it did not commit is undone. Only with "rwc" may it make the file."""
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=self._wait,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.Error) -> LibraryError:
        if _is_busy(error):
            return LibraryLocked(
                f"another process is writing to {str(self.path)!r} and did not finish in "
                f"{self._wait:g} seconds: wait for it to end, then try again"
            )
        if _primary_code(error) in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_PERM,
        ):
            return LibraryError(
                f"{str(self.path)!r} cannot be opened or written ({error}): check that its folder "
                "exists, is yours to write and has room"
            )
        return LibraryCorrupt(
            f"{str(self.path)!r} is damaged or is not a library ({error}): move it away and take "
            "the articles in again with 'pullquote index'"
        )

    def _is_blank(self) -> bool:
        """Whether there is no library, or only the file of one whose making was broken off."""
        if not os.path.exists(self.path):
            return True
        with self.reading() as view:
            return view.is_blank

    def _create(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"the library's folder {str(self.path.parent)!r} cannot be made "
                f"({error.strerror}): give another with --library"
            ) from error
        with self._connection("rwc") as connection:
            self._switch_to_wal(connection)
            connection.execute("BEGIN IMMEDIATE")
            if View(connection, self._embedder.dimensions).is_blank:  # no one else was faster
                for statement in SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
                facts = {
                    "embedder": self._embedder.name,
                    "dimensions": str(self._embedder.dimensions),
                    "revision": "0" * 64,
                }
                connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            connection.execute("COMMIT")

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """Let readers and a writer work at once, from now on.

        SQLite itself does not wait here when another process is making the same library.
        """
        give_up = time.monotonic() + self._wait
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > give_up:
                    raise
            time.sleep(0.01)

    def _check(self, view: "View") -> None:
        """Raise unless the file is a library of this version, built with this embedder."""
        application, version = view.file_format
        if application != APPLICATION_ID:
            raise LibraryCorrupt(
                f"{str(self.path)!r} is an SQLite database but not a library: give another folder "
                "with --library"
            )
        if version > FORMAT_VERSION:
            raise LibraryTooNew(
                f"the library in {str(self.path.parent)!r} has format {version}, and this "
                f"Pullquote knows formats up to {FORMAT_VERSION}: upgrade Pullquote, or give "
                "another folder with --library"
            )
        name, dimensions = view.embedder
        if (name, dimensions) != (self._embedder.name, self._embedder.dimensions):
            raise EmbedderMismatch(
                f"the library in {str(self.path.parent)!r} was built with {name!r} ({dimensions} "
                f"dimensions) but the embedder is {self._embedder.name!r} "
                f"({self._embedder.dimensions}): set PULLQUOTE_EMBEDDER={name}, or take the "
                "articles in again into another library"
            )


class View:
    """What one revision of the library holds."""

    def __init__(self, connection: sqlite3.Connection, dimensions: int) -> None:
        self._db = connection
        self._dimensions = dimensions

    @property
    def is_blank(self) -> bool:
        """Whether the file is a database without anything in it."""
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return tables == 0 and self.file_format == (0, 0)

    @property
    def file_format(self) -> tuple[int, int]:
        """The application that the file belongs to, and the version of its format."""
        application = self._db.execute("PRAGMA application_id").fetchone()[0]
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        return int(application), int(version)

    @property
    def embedder(self) -> tuple[str, int]:
        """The name and the dimensions of the embedder that the library was built with."""
        return self._fact("embedder"), int(self._fact("dimensions"))

    @property
    def revision(self) -> str:
        """64 hexadecimal digits that name the library's content, whatever way it came about."""
        return self._fact("revision")

    def _fact(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"the fact {name!r} is missing")
        return str(row[0])

    def article(self, article_id: str) -> Article | None:
        return next(self._articles("WHERE id = ?", (article_id,)), None)

    def fingerprint(self, article_id: str) -> str | None:
        """The fingerprint of the article that is kept under this id."""
        row = self._db.execute(
            "SELECT fingerprint FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row[0]) if row else None

    def articles(self) -> list[Article]:
        """All articles, by title and id."""
        return list(self._articles("ORDER BY title, id", ()))

    def _articles(self, clause: str, values: Sequence[str]) -> Iterator[Article]:
        rows = self._db.execute(
            f"SELECT id, title, source, published, text, revision FROM articles {clause}",  # noqa: S608 - the clause is ours
            values,
        )
        return (Article(*row) for row in rows)

    def counts(self) -> tuple[int, int]:
        """How many articles and paragraphs there are."""
        articles = self._db.execute("SELECT count(*) FROM articles").fetchone()[0]
        paragraphs = self._db.execute("SELECT count(*) FROM paragraphs").fetchone()[0]
        return int(articles), int(paragraphs)

    def structure(self, article_id: str) -> Structure:
        """The parts of an article; empty when there is no such article."""
        rows = self._db.execute(
            "SELECT id FROM paragraphs WHERE article_id = ? ORDER BY number", (article_id,)
        )
        ids = [row[0] for row in rows]
        placed = self.paragraphs(ids)
        headings = self._db.execute(
            "SELECT first, last, level FROM headings WHERE article_id = ? ORDER BY first",
            (article_id,),
        )
        return Structure(
            tuple(placed[paragraph_id][1] for paragraph_id in ids),
            tuple(Heading(Span(first, last), level) for first, last, level in headings),
        )

    def paragraphs(self, ids: Iterable[int]) -> dict[int, tuple[str, Paragraph]]:
        """Paragraphs by their ids in this library, each with its article's id."""
        found = {}
        for paragraph_id in ids:
            row = self._db.execute(
                "SELECT p.article_id, p.number, p.first, p.last, h.first, h.last, h.level "
                "FROM paragraphs p LEFT JOIN headings h "
                "ON h.article_id = p.article_id AND h.first = p.heading WHERE p.id = ?",
                (paragraph_id,),
            ).fetchone()
            article_id, number, first, last, *heading = row
            sentences = self._db.execute(
                "SELECT first, last FROM sentences WHERE paragraph_id = ? ORDER BY first",
                (paragraph_id,),
            )
            found[paragraph_id] = (
                article_id,
                Paragraph(
                    number,
                    Span(first, last),
                    tuple(Span(*sentence) for sentence in sentences),
                    _heading(*heading),
                ),
            )
        return found

    def paragraph_ids(self, filters: Filters | None = None) -> Ids:
        """The ids of all paragraphs that pass the filters, ascending."""
        conditions, values = _conditions(filters or Filters())
        rows = self._db.execute(
            "SELECT p.id FROM paragraphs p JOIN articles a ON a.id = p.article_id "  # noqa: S608 - the conditions are ours, the values are bound
            f"WHERE {' AND '.join(conditions)} ORDER BY p.id",
            values,
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def word_matches(self, query: str, weights: tuple[float, float, float]) -> WordMatches:
        """Every paragraph with a telling word of the query, by BM25.

        ``weights`` are those of the paragraph's text, its heading and its article's title.
        """
        rows = self._db.execute(
            "SELECT rowid, -bm25(words, ?, ?, ?) FROM words WHERE words MATCH ?",
            (*weights, _fts_query(query)),
        ).fetchall()
        return WordMatches(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.float32),
        )

    def sentence_embeddings(self, ids: Iterable[int]) -> Iterator[Floats]:
        """For each paragraph id: its sentences' vectors, (sentences, dimensions)."""
        for paragraph_id in ids:
            row = self._db.execute(
                "SELECT sentences FROM sentence_embeddings WHERE paragraph_id = ?",
                (int(paragraph_id),),
            ).fetchone()
            yield np.frombuffer(row[0], dtype="<f4").reshape(-1, self._dimensions)

    def token_embeddings(self, ids: Iterable[int]) -> Iterator[tuple[Bits, SentenceNumbers]]:
        """For each paragraph id: the signs of its tokens' vectors, (tokens, dimensions / 8), and
        the numbers of the sentences they stand in, (tokens,)."""
        for paragraph_id in ids:
            row = self._db.execute(
                "SELECT tokens, token_sentences FROM token_embeddings WHERE paragraph_id = ?",
                (int(paragraph_id),),
            ).fetchone()
            bits = np.frombuffer(row[0], dtype=np.uint8).reshape(-1, -(-self._dimensions // 8))
            yield bits, np.frombuffer(row[1], dtype="<i4")

    def token_rarity(self, token_ids: TokenIds) -> Floats:
        """The inverse document frequency of each token, (tokens,), as in BM25: at least 0."""
        total = self.counts()[1]
        rarities = []
        for token_id in token_ids.tolist():
            row = self._db.execute(
                "SELECT paragraphs FROM token_counts WHERE token_id = ?", (token_id,)
            ).fetchone()
            count = row[0] if row else 0
            rarities.append(math.log(1 + (total - count + 0.5) / (count + 0.5)))
        return np.array(rarities, dtype=np.float32)


class Draftsman(View):
    """A view that may change the library."""

    def add(self, draft: Draft, embedded: Sequence[Embedded]) -> Article:
        """Put an article in; one with the same id must have been removed before."""
        article = Article(
            id_of(draft),
            draft.title,
            draft.source,
            draft.published,
            draft.text,
            revision_of(draft.text),
        )
        mark = fingerprint(draft)
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.title,
                article.source,
                article.published,
                article.text,
                article.revision,
                mark,
            ),
        )
        self._db.executemany(
            "INSERT INTO headings VALUES (?, ?, ?, ?)",
            [
                (article.id, heading.span.start, heading.span.end, heading.level)
                for heading in draft.headings
            ],
        )
        parts = zip(draft.paragraphs, embedded, strict=True)
        rows = [(_paragraph_id(mark, paragraph.number), paragraph, own) for paragraph, own in parts]
        for row in sorted(rows, key=lambda row: row[0]):  # FTS5 starts anew at a lesser id
            self._add_paragraph(article, *row)
        self._count_tokens(article.id, 1)
        self._revise(int(mark, 16))
        return article

    def _add_paragraph(
        self, article: Article, paragraph_id: int, paragraph: Paragraph, embedded: Embedded
    ) -> None:
        heading = paragraph.heading.span if paragraph.heading else None
        self._db.execute(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?)",
            (
                paragraph_id,
                article.id,
                paragraph.number,
                paragraph.span.start,
                paragraph.span.end,
                heading.start if heading else None,
            ),
        )
        self._db.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?)",
            [(paragraph_id, sentence.start, sentence.end) for sentence in paragraph.sentences],
        )
        self._db.execute(
            "INSERT INTO sentence_embeddings VALUES (?, ?)",
            (paragraph_id, embedded.sentences.astype("<f4").tobytes()),
        )
        self._db.execute(
            "INSERT INTO token_embeddings VALUES (?, ?, ?, ?)",
            (
                paragraph_id,
                np.unique(embedded.token_ids).astype("<i4").tobytes(),
                embedded.tokens.tobytes(),
                embedded.token_sentences.astype("<i4").tobytes(),
            ),
        )
        self._db.execute(
            "INSERT INTO words (rowid, text, heading, title) VALUES (?, ?, ?, ?)",
            (
                paragraph_id,
                paragraph.span.of(article.text),
                heading.of(article.text) if heading else "",
                article.title,
            ),
        )

    def remove(self, article_id: str) -> bool:
        """Take an article out with all that came of it; False when there is none."""
        mark = self.fingerprint(article_id)
        if mark is None:
            return False
        self._count_tokens(article_id, -1)
        self._db.execute(
            "DELETE FROM words WHERE rowid IN (SELECT id FROM paragraphs WHERE article_id = ?)",
            (article_id,),
        )
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self._revise(-int(mark, 16))
        return True

    def _count_tokens(self, article_id: str, change: int) -> None:
        """Keep count of how many paragraphs have a token, for its rarity."""
        rows = self._db.execute(
            "SELECT t.token_ids FROM token_embeddings t JOIN paragraphs p ON p.id = t.paragraph_id "
            "WHERE p.article_id = ?",
            (article_id,),
        )
        counts = Counter(token for row in rows for token in np.frombuffer(row[0], "<i4").tolist())
        self._db.executemany(
            "INSERT INTO token_counts VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET paragraphs = paragraphs + excluded.paragraphs",
            [(token, change * count) for token, count in counts.items()],
        )

    def _revise(self, difference: int) -> None:
        """Name the new content: the sum of the articles' fingerprints modulo 2^256.

        A sum does not depend on the order and can be kept up to date article by article
        (Bellare and Micciancio 1997, "A new paradigm for collision-free hashing", AdHash).
        """
        revision = (int(self.revision, 16) + difference) % (1 << 256)
        self._db.execute(
            "UPDATE facts SET value = ? WHERE name = 'revision'", (format(revision, "064x"),)
        )


def fingerprint(draft: Draft) -> str:
    """The SHA-256 of all that a library keeps of a draft, in 64 hexadecimal digits."""
    parts = (
        id_of(draft),
        draft.title,
        draft.source,
        draft.published,
        revision_of(draft.text),
        draft.paragraphs,
        draft.headings,
    )
    return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 for errors of the Python module itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_busy(error: sqlite3.Error) -> bool:
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _paragraph_id(mark: str, number: int) -> int:
    """63 bits that name the paragraph's content and place, whenever and wherever it is added.

    So an id never comes to mean another paragraph, and the order of ids, which parts what is
    equal otherwise, is that of any library with the same articles.
    """
    digest = hashlib.sha256(f"{mark}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _heading(first: int | None, last: int | None, level: int | None) -> Heading | None:
    if first is None or last is None or level is None:
        return None
    return Heading(Span(first, last), level)


def telling_words(query: str) -> list[str]:
    """The query's words without stop words, each once, or all of them when nothing else is left."""
    composed = unicodedata.normalize("NFC", query)  # an accent of its own would part a word
    words = list(dict.fromkeys(word.lower() for word in WORD.findall(composed)))
    return [word for word in words if word not in STOPWORDS] or words


def _fts_query(query: str) -> str:
    return " OR ".join(f'"{word}"' for word in telling_words(query)) or '""'


def _conditions(filters: Filters) -> tuple[list[str], list[str]]:
    """SQL conditions on ``articles a`` and the values they bind."""
    conditions: list[str] = ["1"]
    values: list[str] = []
    for column, allowed in (("a.id", filters.article_ids), ("a.source", filters.sources)):
        if allowed is not None:
            conditions.append(f"{column} IN ({', '.join('?' * len(allowed))})")
            values.extend(allowed)
    if filters.published_from is not None:
        conditions.append("date(a.published) >= date(?)")
        values.append(filters.published_from)
    if filters.published_to is not None:
        conditions.append("date(a.published) <= date(?)")
        values.append(filters.published_to)
    return conditions, values
