"""Views: what one revision of a library holds, read from its SQLite file."""

import json
import math
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.article import (
    Article,
    Filters,
    Heading,
    Paragraph,
    Span,
    Structure,
    revision_of,
)
from index.embedding.sentence_transformers import Bits, Floats, SentenceNumbers, TokenIds
from index.ingest.near_duplicates import Sketch, sketch_from
from index.stopwords import STOPWORDS

Ids = NDArray[np.int64]

WORD = re.compile(r"\w+")

MOST_BOUND = 1000
"""Values in one SQL statement at most."""


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Paragraph ids and their BM25 scores, positive, higher is better."""

    ids: Ids
    scores: Floats


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph, and what names the text that it stands in."""

    text_id: str
    paragraph: Paragraph


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
        return next(self._articles("WHERE a.id = ?", (article_id,)), None)

    def fingerprint(self, article_id: str) -> str | None:
        """The fingerprint of the article that is kept under this id."""
        row = self._db.execute(
            "SELECT fingerprint FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row[0]) if row else None

    def article_ids(self) -> list[str]:
        """The ids of all articles, ascending."""
        return [str(row[0]) for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def articles(self) -> list[Article]:
        """All articles, by title and id."""
        return list(self._articles("ORDER BY a.title, a.id", ()))

    def articles_of(self, text_id: str, filters: Filters | None = None) -> list[Article]:
        """The articles that say a text and pass the filters, by id."""
        conditions, values = _conditions(filters or Filters())
        clause = f"WHERE a.text_id = ? AND {' AND '.join(conditions)} ORDER BY a.id"
        return list(self._articles(clause, (text_id, *values)))

    def article_ids_of(self, text_id: str, filters: Filters | None = None) -> list[str]:
        """The ids of the articles that say a text and pass the filters, ascending."""
        conditions, values = _conditions(filters or Filters())
        rows = self._db.execute(
            "SELECT a.id FROM articles a "  # noqa: S608 - the conditions are ours, the values are bound
            f"WHERE a.text_id = ? AND {' AND '.join(conditions)} ORDER BY a.id",
            (text_id, *values),
        )
        return [str(row[0]) for row in rows]

    def _articles(self, clause: str, values: Sequence[str]) -> Iterator[Article]:
        rows = self._db.execute(
            "SELECT a.id, a.title, a.source, a.published, t.text, t.revision, a.author, "  # noqa: S608 - the clause is ours, the values are bound
            "(SELECT json_group_array(tag) FROM tags WHERE article_id = a.id) "
            f"FROM articles a JOIN texts t ON t.id = a.text_id {clause}",
            values,
        )
        for article_id, title, source, published, text, revision, author, tags in rows:
            article = Article(
                article_id,
                title,
                source,
                published,
                text,
                revision,
                author,
                tuple(json.loads(tags)),
            )
            if revision_of(article.text) != article.revision:
                raise sqlite3.DatabaseError(
                    f"the text of the article {article.id!r} is not the one that was taken in"
                )
            yield article

    def holds_text(self, text_id: str) -> bool:
        row = self._db.execute("SELECT 1 FROM texts WHERE id = ?", (text_id,)).fetchone()
        return row is not None

    def text_id(self, article_id: str) -> str | None:
        """Names the text and the structure that an article has."""
        row = self._db.execute(
            "SELECT text_id FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row[0]) if row else None

    def counts(self) -> tuple[int, int]:
        """How many articles and paragraphs there are; those of equal texts are the same ones."""
        articles = self._db.execute("SELECT count(*) FROM articles").fetchone()[0]
        paragraphs = self._db.execute("SELECT count(*) FROM paragraphs").fetchone()[0]
        return int(articles), int(paragraphs)

    def structure(self, article_id: str) -> Structure:
        """The parts of an article; empty when there is no such article."""
        text_id = self.text_id(article_id)
        rows = self._db.execute(
            "SELECT id FROM paragraphs WHERE text_id = ? ORDER BY number", (text_id,)
        )
        ids = [row[0] for row in rows]
        placed = self.paragraphs(ids)
        headings = self._db.execute(
            "SELECT first, last, level FROM headings WHERE text_id = ? ORDER BY first", (text_id,)
        )
        with as_it_was_written("headings", text_id):
            return Structure(
                tuple(placed[paragraph_id].paragraph for paragraph_id in ids),
                tuple(Heading(Span(first, last), level) for first, last, level in headings),
            )

    def paragraph_ids_of(self, article_id: str) -> list[int]:
        """The ids of an article's paragraphs, in reading order."""
        rows = self._db.execute(
            "SELECT p.id FROM paragraphs p JOIN articles a ON a.text_id = p.text_id "
            "WHERE a.id = ? ORDER BY p.number",
            (article_id,),
        )
        return [row[0] for row in rows]

    def paragraphs(self, ids: Iterable[int]) -> dict[int, Placed]:
        """Paragraphs by their ids in this library, each with what names its text."""
        return {paragraph_id: self._placed(paragraph_id) for paragraph_id in ids}

    def _placed(self, paragraph_id: int) -> Placed:
        row = self._db.execute(
            "SELECT p.text_id, p.number, p.first, p.last, p.page, h.first, h.last, h.level "
            "FROM paragraphs p LEFT JOIN headings h "
            "ON h.text_id = p.text_id AND h.first = p.heading WHERE p.id = ?",
            (paragraph_id,),
        ).fetchone()
        sentences = self._db.execute(
            "SELECT first, last FROM sentences WHERE paragraph_id = ? ORDER BY first",
            (paragraph_id,),
        )
        with as_it_was_written("paragraph", paragraph_id):
            text_id, number, first, last, page, *heading = row
            spans = tuple(Span(*sentence) for sentence in sentences)
            paragraph = Paragraph(number, Span(first, last), spans, _heading(*heading), page)
            return Placed(text_id, paragraph)

    def paragraph_ids(self, filters: Filters | None = None) -> Ids:
        """The ids of all paragraphs that pass the filters, ascending."""
        if filters is None:
            rows = self._db.execute("SELECT id FROM paragraphs ORDER BY id")
        else:
            conditions, values = _conditions(filters)
            rows = self._db.execute(
                "SELECT id FROM paragraphs WHERE text_id IN "  # noqa: S608 - the conditions are ours, the values are bound
                f"(SELECT a.text_id FROM articles a WHERE {' AND '.join(conditions)}) ORDER BY id",
                values,
            )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def copies(self, paragraph_id: int, filters: Filters | None = None) -> list[int]:
        """The ids of the paragraphs whose copy this one is, itself left out, ascending."""
        conditions, values = _conditions(filters or Filters())
        rows = self._db.execute(
            "SELECT p.id FROM paragraphs p JOIN sketches s ON s.id = p.sketch_id "  # noqa: S608 - the conditions are ours, the values are bound
            "WHERE s.cluster = (SELECT n.cluster FROM sketches n JOIN paragraphs o "
            "ON o.sketch_id = n.id WHERE o.id = ?) AND p.id <> ? AND p.text_id IN "
            f"(SELECT a.text_id FROM articles a WHERE {' AND '.join(conditions)}) ORDER BY p.id",
            (paragraph_id, paragraph_id, *values),
        )
        return [row[0] for row in rows]

    def clusters(self, ids: Sequence[int]) -> list[int]:
        """For each paragraph id: what it and its copies have in common, and no other."""
        found: dict[int, int] = {}
        for first in range(0, len(ids), MOST_BOUND):
            some = ids[first : first + MOST_BOUND]
            found.update(
                self._db.execute(
                    "SELECT p.id, s.cluster FROM paragraphs p JOIN sketches s "  # noqa: S608 - the values are bound
                    f"ON s.id = p.sketch_id WHERE p.id IN ({', '.join('?' * len(some))})",
                    some,
                )
            )
        return [found[paragraph_id] for paragraph_id in ids]

    def clusters_of(self, sketch_ids: Iterable[int]) -> set[int]:
        """The clusters that these sketches are in."""
        return {
            self._db.execute("SELECT cluster FROM sketches WHERE id = ?", (sketch_id,)).fetchone()[
                0
            ]
            for sketch_id in sketch_ids
        }

    def clusters_by_sketch(self) -> dict[int, int]:
        """The cluster of every sketch."""
        return dict(self._db.execute("SELECT id, cluster FROM sketches"))

    def sketches_beside(self, sketch: Sketch) -> list[Sketch]:
        """The sketches that share a band with this one."""
        marks = ", ".join("?" * len(sketch.bands))
        clause = f"WHERE s.id IN (SELECT sketch_id FROM bands WHERE band IN ({marks}))"  # noqa: S608 - the values are bound
        return self.sketches(clause, sketch.bands)

    def sketches(self, clause: str = "", values: Sequence[int] = ()) -> list[Sketch]:
        """The sketches ``s`` that an SQL condition chooses."""
        rows = self._db.execute(
            "SELECT s.id, s.signature, (SELECT json_group_array(band) FROM bands "  # noqa: S608 - the clause is ours, the values are bound
            f"WHERE sketch_id = s.id) FROM sketches s {clause}",
            values,
        )
        return [sketch_from(row[0], row[1], json.loads(row[2])) for row in rows]

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
            (sentences,) = self._blobs("sentence_embeddings", ("sentences",), int(paragraph_id))
            yield np.frombuffer(sentences, dtype="<f4").reshape(-1, self._dimensions)

    def token_embeddings(self, ids: Iterable[int]) -> Iterator[tuple[Bits, SentenceNumbers]]:
        """For each paragraph id: the signs of its tokens' vectors, (tokens, dimensions / 8), and
        the numbers of the sentences they stand in, (tokens,)."""
        for paragraph_id in ids:
            _, tokens, numbers = self._blobs(
                "token_embeddings", ("token_ids", "tokens", "token_sentences"), int(paragraph_id)
            )
            bits = np.frombuffer(tokens, dtype=np.uint8).reshape(-1, -(-self._dimensions // 8))
            yield bits, np.frombuffer(numbers, dtype="<i4")

    def _blobs(self, table: str, columns: Sequence[str], paragraph_id: int) -> list[bytes]:
        """A paragraph's row, once its checksum is found right."""
        row = self._db.execute(
            f"SELECT {', '.join(columns)}, checksum FROM {table} WHERE paragraph_id = ?",  # noqa: S608 - the names are ours
            (paragraph_id,),
        ).fetchone()
        with as_it_was_written(table, paragraph_id):
            blobs: list[bytes] = list(row[:-1])
            expected = row[-1]
            if checksum(*blobs) != expected:
                raise ValueError("its checksum is another")
            return blobs

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


def checksum(*blobs: bytes) -> int:
    """The CRC-32 of the blobs, one after the other."""
    total = 0
    for blob in blobs:
        total = zlib.crc32(blob, total)
    return total


@contextmanager
def as_it_was_written(what: str, key: object) -> Iterator[None]:
    """Say that a row is damaged when it is missing or cannot have been written like this."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"{what} {key!r}: {error}") from error


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
    if filters.tags is not None:
        marks = ", ".join("?" * len(filters.tags))
        conditions.append(f"a.id IN (SELECT article_id FROM tags WHERE tag IN ({marks}))")  # noqa: S608 - the values are bound
        values.extend(filters.tags)
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
