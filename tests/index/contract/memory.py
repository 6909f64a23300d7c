"""An engine that keeps a library in memory and finds in it by brute force: the contract's model.

It shares no code with the engines of the product but for the values, the identities and what is
near a signature. Every revision is a value of its own, so that a snapshot cannot change.
"""

import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Draft, Filters, Structure
from index.embedding.embedder import Embedded, Embedder, Floats, TokenIds
from index.engine import EngineLibrary
from index.errors import EmbedderMismatch
from index.identity import Identity, library_revision, paragraph_id
from index.ingest.near_duplicates import Signature, near, signatures
from index.search.snapshot import (
    FIELD_WEIGHTS,
    Counts,
    Ids,
    Page,
    PlacedParagraph,
    TokenEmbeddings,
    WordMatches,
)


@dataclass(frozen=True)
class _Row:
    """A paragraph of a text, and all that is made of it."""

    id: int
    placed: PlacedParagraph
    draft: Draft
    embedded: Embedded
    signature: Signature

    def fields(self, titles: str) -> tuple[tuple[str, ...], ...]:
        heading = self.placed.paragraph.heading
        return (
            terms(self.placed.paragraph.span.of(self.draft.text)),
            terms(heading.span.of(self.draft.text) if heading else ""),
            terms(titles),
        )


@lru_cache(10_000)
def terms(text: str) -> tuple[str, ...]:
    """The Porter stems of a text's words, without accents and case."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5 "
            "(x, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        rows = connection.execute("SELECT term FROM v ORDER BY offset").fetchall()
    return tuple(row[0] for row in rows)


@dataclass(frozen=True)
class MemorySnapshot:
    """See ``index.search.snapshot.Snapshot``."""

    articles: Mapping[str, tuple[Draft, Identity]] = field(default_factory=dict)
    embedded: Mapping[str, Sequence[Embedded]] = field(default_factory=dict)

    @property
    def revision(self) -> str:
        return library_revision(identity.fingerprint for _, identity in self.articles.values())

    def counts(self) -> Counts:
        return Counts(len(self.articles), len(self._rows))

    @cached_property
    def _rows(self) -> dict[int, _Row]:
        rows = {}
        for draft, identity in self.articles.values():
            own = zip(
                draft.paragraphs, self.embedded[identity.text_id], signatures(draft), strict=True
            )
            for paragraph, embedded, signature in own:
                own_id = paragraph_id(identity.text_id, paragraph.number)
                placed = PlacedParagraph(own_id, identity.text_id, paragraph)
                rows[own_id] = _Row(own_id, placed, draft, embedded, signature)
        return dict(sorted(rows.items()))

    def _saying(self, text_id: str, filters: Filters | None) -> list[Article]:
        return [
            _article(draft, identity)
            for article_id, (draft, identity) in sorted(self.articles.items())
            if identity.text_id == text_id and _passes(article_id, draft, filters or Filters())
        ]

    def paragraph_ids(self, filters: Filters | None = None) -> Ids:
        passing = [
            row.id for row in self._rows.values() if self._saying(row.placed.text_id, filters)
        ]
        return np.array(passing, np.int64)

    def paragraph_ids_of(self, article_id: str) -> Ids:
        draft, identity = self.articles[article_id]
        return np.array(
            [paragraph_id(identity.text_id, one.number) for one in draft.paragraphs], np.int64
        )

    def paragraphs(self, ids: Sequence[int]) -> list[PlacedParagraph]:
        return [self._rows[one].placed for one in ids]

    @cached_property
    def _fields(self) -> dict[int, tuple[tuple[str, ...], ...]]:
        titles = {
            row.placed.text_id: "\n".join(
                sorted({article.title for article in self._saying(row.placed.text_id, None)})
            )
            for row in self._rows.values()
        }
        return {row.id: row.fields(titles[row.placed.text_id]) for row in self._rows.values()}

    def _bm25(self, words: Sequence[str]) -> dict[int, float]:
        """As FTS5 documents it, with k1 = 1.2 and b = 0.75."""
        scores = dict.fromkeys(self._rows, 0.0)
        if not self._rows:
            return scores
        sizes = {one: sum(map(len, fields)) for one, fields in self._fields.items()}
        average = sum(sizes.values()) / len(sizes)
        for word in words:
            asked = terms(word)
            counts = {
                one: sum(
                    weight * _occurrences(asked, own)
                    for weight, own in zip(FIELD_WEIGHTS, fields, strict=True)
                )
                for one, fields in self._fields.items()
            }
            having = sum(count > 0 for count in counts.values())
            idf = max(1e-6, math.log((len(sizes) - having + 0.5) / (having + 0.5)))
            for one, count in counts.items():
                length = 1 - 0.75 + 0.75 * sizes[one] / average
                scores[one] += idf * count * 2.2 / (count + 1.2 * length)
        return scores

    def word_matches(self, words: Sequence[str], count: int, within: Ids | None) -> WordMatches:
        scores = {
            one: np.float32(score)
            for one, score in self._bm25(words).items()
            if score > 0 and (within is None or one in within)
        }
        best = sorted(scores, key=lambda one: (-scores[one], one))[:count]
        return WordMatches(
            np.array(best, np.int64), np.array([scores[one] for one in best], np.float32)
        )

    def word_scores(self, words: Sequence[str], ids: Ids) -> Floats:
        scores = self._bm25(words)
        return np.array([scores[one] for one in ids.tolist()], np.float32)

    def nearest(self, query: Floats, count: int, within: Ids | None) -> Ids:
        scored = sorted(
            (
                (float(sentence @ query), row.id)
                for row in self._rows.values()
                if within is None or row.id in within
                for sentence in row.embedded.sentences
            ),
            reverse=True,
        )
        if not scored:
            return np.empty(0, np.int64)
        last = scored[min(count, len(scored)) - 1][0]
        return np.unique([one for score, one in scored if score >= last - 1e-6])

    def sentence_embeddings(self, ids: Ids) -> list[Floats]:
        return [self._rows[one].embedded.sentences for one in ids.tolist()]

    def token_embeddings(self, ids: Ids) -> list[TokenEmbeddings]:
        embedded = [self._rows[one].embedded for one in ids.tolist()]
        return [TokenEmbeddings(one.tokens, one.token_sentences) for one in embedded]

    def document_frequencies(self, token_ids: TokenIds) -> NDArray[np.int64]:
        having = Counter(
            token for row in self._rows.values() for token in set(row.embedded.token_ids.tolist())
        )
        return np.array([having[token] for token in token_ids.tolist()], np.int64)

    @cached_property
    def _clusters(self) -> dict[int, int]:
        """The cluster of each signature: the least id of what is near, and near to that."""
        known = {row.signature.id: row.signature for row in self._rows.values()}
        cluster = {one: one for one in known}
        for one, signature in known.items():
            for other in near(signature, list(known.values())):
                old, new = sorted((cluster[one], cluster[other.id]))[::-1]
                cluster = {key: new if value == old else value for key, value in cluster.items()}
        return {row.id: cluster[row.signature.id] for row in self._rows.values()}

    def clusters(self, ids: Ids) -> Ids:
        return np.array([self._clusters[one] for one in ids.tolist()], np.int64)

    def near_duplicates(
        self, clusters: Sequence[int], filters: Filters | None, count: int
    ) -> dict[int, list[int]]:
        passing = self.paragraph_ids(filters).tolist()
        return {
            cluster: [one for one in passing if self._clusters[one] == cluster][:count]
            for cluster in clusters
        }

    def first_articles(self, text_ids: Sequence[str], filters: Filters | None) -> dict[str, str]:
        return {text_id: self._saying(text_id, filters)[0].id for text_id in text_ids}

    def articles_of(
        self, text_ids: Sequence[str], filters: Filters | None, count: int
    ) -> dict[str, list[Article]]:
        return {text_id: self._saying(text_id, filters)[:count] for text_id in text_ids}

    def article_ids(self) -> list[str]:
        return sorted(self.articles)

    def fingerprint(self, article_id: str) -> str | None:
        found = self.articles.get(article_id)
        return found[1].fingerprint if found else None

    def holds_text(self, text_id: str) -> bool:
        return text_id in self.embedded

    def wholes(self, article_ids: Sequence[str]) -> list[tuple[Article, Structure]]:
        found = [self.articles[one] for one in article_ids if one in self.articles]
        return [
            (_article(draft, identity), Structure(draft.paragraphs, draft.headings))
            for draft, identity in found
        ]

    def summaries(self, offset: int, limit: int, matching: str) -> Page:
        wanted = matching.casefold()
        found = sorted(
            (
                _article(draft, identity).summary
                for draft, identity in self.articles.values()
                if wanted in draft.title.casefold() or wanted in (draft.source or "").casefold()
            ),
            key=lambda one: (one.title, one.id),
        )
        return Page(tuple(found[offset : offset + limit]), len(found))


class MemoryWriter:
    """Works on copies, which become the library's when the change is made."""

    def __init__(self, snapshot: MemorySnapshot) -> None:
        self.articles = dict(snapshot.articles)
        self.embedded = dict(snapshot.embedded)

    def holds_text(self, text_id: str) -> bool:
        return text_id in self.embedded

    def put(
        self,
        draft: Draft,
        identity: Identity,
        embedded: Sequence[Embedded],
        signatures: Sequence[Signature],
    ) -> bool:
        replaced = identity.article_id in self.articles
        if not self.holds_text(identity.text_id):
            if len(embedded) != len(draft.paragraphs):
                raise ValueError("not every paragraph is embedded")
            self.embedded[identity.text_id] = embedded
        self.articles[identity.article_id] = (draft, identity)
        self._forget()
        return replaced

    def remove(self, article_id: str) -> bool:
        found = self.articles.pop(article_id, None)
        self._forget()
        return found is not None

    def _forget(self) -> None:
        said = {identity.text_id for _, identity in self.articles.values()}
        self.embedded = {one: own for one, own in self.embedded.items() if one in said}


class MemoryEngine:
    """See ``index.engine.Engine``."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder.name
        self._dimensions = embedder.dimensions
        self._lock = threading.RLock()
        self._snapshot = MemorySnapshot()

    def require_dimensions(self, dimensions: int) -> None:
        if dimensions != self._dimensions:
            raise EmbedderMismatch(f"{dimensions} dimensions, not {self._dimensions}")

    @contextmanager
    def reading(self) -> Iterator[MemorySnapshot]:
        yield self._snapshot

    @contextmanager
    def writing(self, pause: Callable[[], None] | None = None) -> Iterator[MemoryWriter]:
        with self._lock:
            change = MemoryWriter(self._snapshot)
            yield change
            if pause:
                pause()
            self._snapshot = MemorySnapshot(change.articles, change.embedded)

    @contextmanager
    def batch(self) -> Iterator[None]:
        yield


def memory_library(embedder: Embedder) -> EngineLibrary:
    """An empty library that is gone with the process."""
    return EngineLibrary(MemoryEngine(embedder), embedder)


def _article(draft: Draft, identity: Identity) -> Article:
    return Article(
        identity.article_id,
        draft.title,
        draft.source,
        draft.published,
        draft.text,
        identity.revision,
        draft.author,
        draft.tags,
    )


def _passes(article_id: str, draft: Draft, filters: Filters) -> bool:
    day = date.fromisoformat(draft.published) if draft.published else None
    first, last = (
        date.fromisoformat(given) if given else None
        for given in (filters.published_from, filters.published_to)
    )
    return all(
        (
            filters.tags is None or bool(set(filters.tags) & set(draft.tags)),
            filters.sources is None or draft.source in filters.sources,
            filters.article_ids is None or article_id in filters.article_ids,
            first is None or (day is not None and first <= day),
            last is None or (day is not None and day <= last),
        )
    )


def _occurrences(asked: Sequence[str], own: Sequence[str]) -> int:
    """How often a word's terms, mostly one, stand in a field one after the other."""
    size = len(asked)
    return sum(own[first : first + size] == asked for first in range(len(own) - size + 1) if size)
