"""Snapshots: what one revision of a library holds, read from its SQLite file in batches."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.article import (
    Article,
    Filters,
    Heading,
    Paragraph,
    Span,
    Structure,
    Summary,
    revision_of,
)
from index.embedding.embedder import Floats, TokenIds
from index.ingest.near_duplicates import Signature
from index.search.snapshot import (
    FIELD_WEIGHTS,
    Counts,
    Ids,
    Page,
    PlacedParagraph,
    TokenEmbeddings,
    WordMatches,
)
from index.sqlite.vectors import Vectors

_NO_FILTERS = Filters()


class SQLiteSnapshot:
    """What one revision of the library holds; see ``index.search.snapshot.Snapshot``.

    ``dimensions`` is the length of the vectors; ``vectors`` are those that ``nearest`` looks at.
    Raises ``sqlite3.Error`` where the file is damaged, ``sqlite3.DatabaseError`` also where a row
    that must be there is missing or is not what was written.
    """

    def __init__(
        self, connection: sqlite3.Connection, dimensions: int = 0, vectors: Vectors | None = None
    ) -> None:
        self._db = connection
        self._dimensions = dimensions
        self._vectors = vectors
        self._words: Sequence[str] = ()
        self._matches = _NOTHING

    # What the file is

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
        return self._fact("embedder"), self._number("dimensions")

    @property
    def revision(self) -> str:
        return self._fact("revision")

    def counts(self) -> Counts:
        return Counts(self._number("articles"), self._number("paragraphs"))

    def _number(self, name: str) -> int:
        value = self._fact(name)
        if not value.isdecimal():
            raise sqlite3.DatabaseError(f"the fact {name!r} is no number")
        return int(value)

    def _fact(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"the fact {name!r} is missing")
        return str(row[0])

    # Paragraphs

    def paragraph_ids(self, filters: Filters | None = None) -> Ids:
        clause, values = _passing_texts(filters, "text_id")
        rows = self._db.execute(
            f"SELECT id FROM paragraphs WHERE {clause} ORDER BY id",  # noqa: S608 - the clause is ours, the values are bound
            values,
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def paragraph_ids_of(self, article_id: str) -> Ids:
        rows = self._db.execute(
            "SELECT p.id FROM paragraphs p JOIN articles a ON a.text_id = p.text_id "
            "WHERE a.id = ? ORDER BY p.number",
            (article_id,),
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def paragraphs(self, ids: Sequence[int]) -> list[PlacedParagraph]:
        given = (_list(ids),)
        sentences: dict[int, list[Span]] = {}
        with as_it_was_written("sentences"):
            for paragraph_id, first, last in self._db.execute(
                "SELECT paragraph_id, first, last FROM sentences WHERE paragraph_id IN "
                "(SELECT value FROM json_each(?)) ORDER BY paragraph_id, first",
                given,
            ):
                sentences.setdefault(paragraph_id, []).append(Span(first, last))
        rows = self._db.execute(
            "SELECT p.id, p.text_id, p.number, p.first, p.last, p.page, h.first, h.last, h.level "
            "FROM paragraphs p LEFT JOIN headings h "
            "ON h.text_id = p.text_id AND h.first = p.heading "
            "WHERE p.id IN (SELECT value FROM json_each(?))",
            given,
        )
        with as_it_was_written("paragraphs"):
            found = {
                paragraph_id: PlacedParagraph(
                    paragraph_id,
                    text_id,
                    Paragraph(
                        number,
                        Span(first, last),
                        tuple(sentences.get(paragraph_id, ())),
                        _heading(*heading),
                        page,
                    ),
                )
                for paragraph_id, text_id, number, first, last, page, *heading in rows
            }
        return _all("paragraphs", found, ids)

    # Words

    def word_matches(self, words: Sequence[str], count: int, within: Ids | None) -> WordMatches:
        matches = self._matched(words)
        order = np.argsort(-matches.scores, kind="stable")
        if within is not None:
            order = order[np.isin(matches.ids[order], within)]
        return WordMatches(matches.ids[order[:count]], matches.scores[order[:count]])

    def word_scores(self, words: Sequence[str], ids: Ids) -> Floats:
        matches = self._matched(words)
        if not len(matches.ids):
            return np.zeros(len(ids), np.float32)
        places = np.minimum(np.searchsorted(matches.ids, ids), len(matches.ids) - 1)
        return np.where(matches.ids[places] == ids, matches.scores[places], np.float32(0))

    def _matched(self, words: Sequence[str]) -> WordMatches:
        """Every paragraph with one of the words, by ascending id; kept for the next read."""
        if not words:
            return _NOTHING
        if words != self._words:
            rows = self._db.execute(
                "SELECT rowid, -bm25(words, ?, ?, ?) FROM words WHERE words MATCH ? ORDER BY rowid",
                (*FIELD_WEIGHTS, " OR ".join(f'"{word}"' for word in words)),
            ).fetchall()
            self._matches = WordMatches(
                np.array([row[0] for row in rows], np.int64),
                np.array([row[1] for row in rows], np.float32),
            )
            self._words = words
        return self._matches

    # Embeddings

    def nearest(self, query: Floats, count: int, within: Ids | None) -> Ids:
        assert self._vectors, "a snapshot without vectors"  # noqa: S101 - a fault of ours
        return self._vectors.nearest(self, query, count, within)

    def sentence_embeddings(self, ids: Ids) -> list[Floats]:
        return [
            np.frombuffer(sentences, dtype="<f4").reshape(-1, self._dimensions)
            for (sentences,) in self._blobs("sentence_embeddings", ("sentences",), ids)
        ]

    def token_embeddings(self, ids: Ids) -> list[TokenEmbeddings]:
        columns = ("token_ids", "tokens", "token_sentences")
        return [
            TokenEmbeddings(
                np.frombuffer(tokens, dtype=np.uint8).reshape(-1, -(-self._dimensions // 8)),
                np.frombuffer(numbers, dtype="<i4"),
            )
            for _, tokens, numbers in self._blobs("token_embeddings", columns, ids)
        ]

    def _blobs(self, table: str, columns: Sequence[str], ids: Ids) -> list[list[bytes]]:
        """The rows of these paragraphs, once their checksums are found right."""
        rows = self._db.execute(
            f"SELECT paragraph_id, checksum, {', '.join(columns)} FROM {table} "  # noqa: S608 - the names are ours
            "WHERE paragraph_id IN (SELECT value FROM json_each(?))",
            (_list(ids.tolist()),),
        )
        found = {}
        with as_it_was_written(table):
            for paragraph_id, expected, *blobs in rows:
                if checksum(*blobs) != expected:
                    raise ValueError(f"of the paragraph {paragraph_id}: its checksum is another")
                found[paragraph_id] = blobs
        return _all(table, found, ids.tolist())

    def document_frequencies(self, token_ids: TokenIds) -> NDArray[np.int64]:
        asked = token_ids.tolist()
        found = dict(
            self._db.execute(
                "SELECT token_id, paragraphs FROM token_counts WHERE token_id IN "
                "(SELECT value FROM json_each(?))",
                (_list(asked),),
            )
        )
        return np.array([found.get(token_id, 0) for token_id in asked], np.int64)

    # Near-duplicates

    def clusters(self, ids: Ids) -> Ids:
        found = dict(
            self._db.execute(
                "SELECT p.id, s.cluster FROM paragraphs p JOIN signatures s "
                "ON s.id = p.signature_id WHERE p.id IN (SELECT value FROM json_each(?))",
                (_list(ids.tolist()),),
            )
        )
        return np.array(_all("paragraphs", found, ids.tolist()), np.int64)

    def near_duplicates(
        self, clusters: Sequence[int], filters: Filters | None, count: int
    ) -> dict[int, list[int]]:
        clause, values = _passing_texts(filters, "p.text_id")
        rows = self._db.execute(
            "SELECT cluster, id FROM (SELECT s.cluster, p.id, "  # noqa: S608 - the clause is ours, the values are bound
            "row_number() OVER (PARTITION BY s.cluster ORDER BY p.id) place "
            "FROM signatures s JOIN paragraphs p ON p.signature_id = s.id "
            f"WHERE s.cluster IN (SELECT value FROM json_each(?)) AND {clause}) "
            "WHERE place <= ? ORDER BY cluster, id",
            (_list(clusters), *values, count),
        )
        found: dict[int, list[int]] = {cluster: [] for cluster in clusters}
        for cluster, paragraph_id in rows:
            found[cluster].append(paragraph_id)
        return found

    def signatures(self, clause: str = "", values: Sequence[str] = ()) -> list[Signature]:
        """The signatures ``s`` that an SQL condition chooses."""
        rows = self._db.execute(
            f"SELECT s.id, s.minhash, s.bands FROM signatures s {clause}",  # noqa: S608 - the clause is ours, the values are bound
            values,
        )
        with as_it_was_written("signatures"):
            return [
                Signature(
                    signature_id,
                    np.frombuffer(minhash, "<u4"),
                    tuple(np.frombuffer(bands, "<i8").tolist()),
                )
                for signature_id, minhash, bands in rows
            ]

    def clusters_by_signature(self) -> dict[int, int]:
        """The cluster of every signature."""
        return dict(self._db.execute("SELECT id, cluster FROM signatures"))

    def bands(self) -> set[tuple[int, int]]:
        """Every band with every signature that has it."""
        return set(self._db.execute("SELECT band, signature_id FROM bands"))

    # Articles

    def first_articles(self, text_ids: Sequence[str], filters: Filters | None) -> dict[str, str]:
        clause, values = _conditions(filters or _NO_FILTERS)
        found = dict(
            self._db.execute(
                "SELECT a.text_id, min(a.id) FROM articles a WHERE a.text_id IN "  # noqa: S608 - the clause is ours, the values are bound
                f"(SELECT value FROM json_each(?)) AND {clause} GROUP BY a.text_id",
                (_list(text_ids), *values),
            )
        )
        return dict(zip(text_ids, _all("articles of the text", found, text_ids), strict=True))

    def articles_of(
        self, text_ids: Sequence[str], filters: Filters | None, count: int
    ) -> dict[str, list[Article]]:
        clause, values = _conditions(filters or _NO_FILTERS)
        rows = self._db.execute(
            "SELECT text_id, id FROM (SELECT a.text_id, a.id, "  # noqa: S608 - the clause is ours, the values are bound
            "row_number() OVER (PARTITION BY a.text_id ORDER BY a.id) place "
            f"FROM articles a WHERE a.text_id IN (SELECT value FROM json_each(?)) AND {clause}) "
            "WHERE place <= ? ORDER BY text_id, id",
            (_list(text_ids), *values, count),
        ).fetchall()
        articles = self._articles([article_id for _, article_id in rows])
        found: dict[str, list[Article]] = {}
        for text_id, article_id in rows:
            found.setdefault(text_id, []).append(articles[article_id])
        return dict(zip(text_ids, _all("articles of the text", found, text_ids), strict=True))

    def _articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Those of these articles that are there; each text is read and checked once."""
        rows = self._db.execute(
            "SELECT a.id, a.text_id, a.title, a.source, a.published, a.author, "
            "(SELECT json_group_array(tag) FROM tags WHERE article_id = a.id) "
            "FROM articles a WHERE a.id IN (SELECT value FROM json_each(?))",
            (_list(article_ids),),
        ).fetchall()
        texts = self._texts({row[1]: row[0] for row in rows})
        with as_it_was_written("articles"):
            return {
                article_id: Article(
                    article_id,
                    title,
                    source,
                    published,
                    *texts[text_id],
                    author,
                    tuple(json.loads(tags)),
                )
                for article_id, text_id, title, source, published, author, tags in rows
                if text_id in texts
            }

    def _texts(self, text_ids: dict[str, str]) -> dict[str, tuple[str, str]]:
        """The texts and their revisions; ``text_ids`` has an article of each, to name it."""
        found = {}
        for text_id, text, revision in self._db.execute(
            "SELECT id, text, revision FROM texts WHERE id IN (SELECT value FROM json_each(?))",
            (_list(list(text_ids)),),
        ):
            if not isinstance(text, str) or revision_of(text) != revision:
                raise sqlite3.DatabaseError(
                    f"the text of the article {text_ids[text_id]!r} is not the one that was "
                    "taken in"
                )
            found[text_id] = (text, revision)
        return found

    def wholes(self, article_ids: Sequence[str]) -> list[tuple[Article, Structure]]:
        articles = self._articles(article_ids)
        return [
            (articles[article_id], self.structure(article_id))
            for article_id in article_ids
            if article_id in articles
        ]

    def article(self, article_id: str) -> Article | None:
        return self._articles([article_id]).get(article_id)

    def structure(self, article_id: str) -> Structure:
        """The parts of an article; empty when there is no such article."""
        text_id = self.text_id(article_id)
        rows = self._db.execute(
            "SELECT id FROM paragraphs WHERE text_id = ? ORDER BY number", (text_id,)
        )
        placed = self.paragraphs([row[0] for row in rows])
        headings = self._db.execute(
            "SELECT first, last, level FROM headings WHERE text_id = ? ORDER BY first", (text_id,)
        )
        with as_it_was_written("headings"):
            return Structure(
                tuple(place.paragraph for place in placed),
                tuple(Heading(Span(first, last), level) for first, last, level in headings),
            )

    def summaries(self, offset: int, limit: int, matching: str) -> Page:
        if matching:
            self._db.create_function("casefold", 1, _casefold, deterministic=True)
            ids = [
                row[0]
                for row in self._db.execute(
                    "SELECT id FROM articles WHERE instr(casefold(title), ?1) "
                    "OR instr(casefold(source), ?1) ORDER BY title, id",
                    (matching.casefold(),),
                )
            ]
            return Page(self._summaries(ids[offset : offset + limit]), len(ids))
        ids = [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM articles ORDER BY title, id LIMIT ? OFFSET ?", (limit, offset)
            )
        ]
        return Page(self._summaries(ids), self.counts().articles)

    def _summaries(self, article_ids: Sequence[str]) -> tuple[Summary, ...]:
        rows = self._db.execute(
            "SELECT a.id, a.title, a.source, a.published, t.revision, a.author, "
            "(SELECT json_group_array(tag) FROM tags WHERE article_id = a.id), t.characters "
            "FROM articles a JOIN texts t ON t.id = a.text_id "
            "WHERE a.id IN (SELECT value FROM json_each(?))",
            (_list(article_ids),),
        )
        with as_it_was_written("articles"):
            found = {row[0]: Summary(*_known(row)) for row in rows}
        return tuple(_all("articles", found, article_ids))

    def article_ids(self) -> list[str]:
        """The ids of all articles, ascending."""
        return [str(row[0]) for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def fingerprint(self, article_id: str) -> str | None:
        row = self._db.execute(
            "SELECT fingerprint FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row[0]) if row else None

    def holds_text(self, text_id: str) -> bool:
        row = self._db.execute("SELECT 1 FROM texts WHERE id = ?", (text_id,)).fetchone()
        return row is not None

    def text_id(self, article_id: str) -> str | None:
        """Names the text and the structure that an article has."""
        row = self._db.execute(
            "SELECT text_id FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return str(row[0]) if row else None


_NOTHING = WordMatches(np.empty(0, np.int64), np.empty(0, np.float32))


def checksum(*blobs: bytes) -> int:
    """The CRC-32 of the blobs, one after the other."""
    total = 0
    for blob in blobs:
        total = zlib.crc32(blob, total)
    return total


Key = TypeVar("Key")
Row = TypeVar("Row")


@contextmanager
def as_it_was_written(what: str) -> Iterator[None]:
    """Say that a row is damaged when it cannot have been written like this."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"{what}: {error}") from error


def _all(what: str, found: dict[Key, Row], keys: Iterable[Key]) -> list[Row]:
    """The rows of all the keys; one that is missing was lost."""
    rows = []
    for key in keys:
        if key not in found:
            raise sqlite3.DatabaseError(f"{what}: {key!r} is missing")
        rows.append(found[key])
    return rows


def _list(values: Iterable[int] | Iterable[str]) -> str:
    """Values as one that SQLite's ``json_each`` takes apart: there is no most of them."""
    return json.dumps(list(values))


def _casefold(value: str | None) -> str:
    return (value or "").casefold()


def _known(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A summary's fields, whose tags are a JSON list."""
    *before, tags, characters = row
    return (*before, tuple(json.loads(tags)), characters)


def _heading(first: int | None, last: int | None, level: int | None) -> Heading | None:
    if first is None or last is None or level is None:
        return None
    return Heading(Span(first, last), level)


def _passing_texts(filters: Filters | None, column: str) -> tuple[str, list[str]]:
    """An SQL condition that a column names a text with an article that passes the filters."""
    if filters is None:
        return "1", []
    clause, values = _conditions(filters)
    return f"{column} IN (SELECT a.text_id FROM articles a WHERE {clause})", values  # noqa: S608 - the clause is ours, the values are bound


def _conditions(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition on ``articles a`` and the values it binds."""
    conditions: list[str] = ["1"]
    values: list[str] = []
    if filters.tags is not None:
        marks = _marks(filters.tags)
        conditions.append(f"a.id IN (SELECT article_id FROM tags WHERE tag IN ({marks}))")  # noqa: S608 - the values are bound
        values.extend(filters.tags)
    for column, allowed in (("a.id", filters.article_ids), ("a.source", filters.sources)):
        if allowed is not None:
            conditions.append(f"{column} IN ({_marks(allowed)})")
            values.extend(allowed)
    if filters.published_from is not None:
        conditions.append("date(a.published) >= date(?)")
        values.append(filters.published_from)
    if filters.published_to is not None:
        conditions.append("date(a.published) <= date(?)")
        values.append(filters.published_to)
    return " AND ".join(conditions), values


def _marks(values: Sequence[str]) -> str:
    """Marks to bind values that others chose: unlike in JSON, any character is kept."""
    return ", ".join("?" * len(values))
