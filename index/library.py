"""The library: the one thing of ``index`` that ``qa`` sees."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from index.article import (
    Article,
    Copy,
    Draft,
    Filters,
    Paragraph,
    Passage,
    Structure,
    id_of,
)
from index.embedding.sentence_transformers import (
    Embedded,
    EmbeddedQuery,
    Embedder,
    Floats,
    ParagraphText,
)
from index.errors import ArticleNotFound
from index.search.ranking import (
    ALONE,
    FIRST,
    FUSED,
    By,
    Signals,
    fuse,
    late_interaction,
    sentence_scores,
    share_of_best,
)
from index.sqlite.catalogue import Catalogue
from index.sqlite.snapshot import Ids, Placed, View
from index.sqlite.vectors import Vectors
from index.sqlite.writer import fingerprint, text_id_of

Pause = Callable[[], None]
"""What long work calls again and again: it may wait there, or be ended by an exception."""

SLICE_CHARACTERS = 8_000
"""Of an article's paragraphs that are embedded together: a fraction of a second's work."""

NEAREST = 150
"""Vectors of each kind, and paragraphs by words, that become candidates."""

MOST_VECTORS = 20 * NEAREST
"""Vectors that are looked at, at most, however many of them are copies."""

MOST_COPIES = 100
"""Copies that a passage comes with at most."""

INTERACTING = 50
"""Candidates whose tokens are compared with the query's: as many as a search returns at most."""

WORD_WEIGHTS = (1.0, 0.5, 0.5)
"""BM25's weights of a paragraph's text, its heading and its article's title."""


def go_on() -> None:
    """A pause that is none."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of a draft."""

    status: Literal["added", "replaced", "unchanged"]
    article: Article


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that a search found, best first, and the library's revision it searched."""

    passages: tuple[Passage, ...]
    revision: str


class Library(Protocol):
    """Articles in, passages out. Safe to use from several threads."""

    @property
    def embedder(self) -> str:
        """The name of the embedding model."""

    @property
    def revision(self) -> str:
        """Names the library's content: equal revisions hold equal articles."""

    def add(self, draft: Draft, pause: Pause = go_on) -> Addition:
        """Take an article in; one with the same id is replaced, the same text changes nothing.

        ``pause`` is called between slices of the work; when it raises, nothing has changed.
        """

    def remove(self, article_id: str, pause: Pause = go_on) -> None:
        """Take an article out, with pauses as in ``add``. Raises ``ArticleNotFound``."""

    def get(self, article_id: str) -> Article:
        """Raises ``ArticleNotFound``."""

    def whole(self, article_id: str) -> tuple[Article, Structure]:
        """An article with its parts, both of one revision. Raises ``ArticleNotFound``."""

    def sentence_vectors(self, article_id: str) -> list[Floats]:
        """For each paragraph of an article its sentences' vectors, (sentences, dimensions), each
        of length 1. Raises ``ArticleNotFound``."""

    def articles(self) -> list[Article]:
        """All articles, by title."""

    def counts(self) -> tuple[int, int]:
        """How many articles and how many paragraphs there are."""

    def search(self, query: str, top_k: int, filters: Filters | None = None) -> Found:
        """The ``top_k`` paragraphs that best match the query."""


class EmbeddedLibrary:
    """A library in a folder: SQLite holds it, FAISS finds in it.

    Raises ``LibraryMissing`` when there is none and ``create`` is false, and the other
    ``LibraryError`` when it cannot be used.
    """

    def __init__(self, folder: Path, embedder: Embedder, *, create: bool = False) -> None:
        self.folder = folder
        self._embedder = embedder
        self._catalogue = Catalogue(folder, embedder, create=create)
        self._vectors = Vectors(embedder.dimensions)
        # Threads wait for each other as long as it takes, and only processes give up.
        self._turn = threading.Lock()

    @property
    def embedder(self) -> str:
        return self._embedder.name

    @property
    def revision(self) -> str:
        with self._catalogue.reading() as view:
            return view.revision

    def add(self, draft: Draft, pause: Pause = go_on) -> Addition:
        while True:
            with self._catalogue.reading() as view:
                kept = view.article(id_of(draft))
                if kept and view.fingerprint(kept.id) == fingerprint(draft):
                    return Addition("unchanged", kept)
                known = view.holds_text(text_id_of(draft))
            embedded = () if known else self._embedded(draft, pause)
            with self._turn, self._catalogue.writing(pause) as change:
                if known and not change.holds_text(text_id_of(draft)):
                    continue  # another took it out meanwhile
                article, replaced = change.put(draft, embedded)
            return Addition("replaced" if replaced else "added", article)

    def _embedded(self, draft: Draft, pause: Pause) -> Sequence[Embedded]:
        embedded: list[Embedded] = []
        for paragraphs in _slices(draft):
            pause()
            embedded += self._embedder.embed([_paragraph_text(draft, one) for one in paragraphs])
        return embedded

    def remove(self, article_id: str, pause: Pause = go_on) -> None:
        with self._turn, self._catalogue.writing(pause) as change:
            if not change.remove(article_id):
                raise ArticleNotFound(article_id)

    def get(self, article_id: str) -> Article:
        with self._catalogue.reading() as view:
            return _known(view, article_id)

    def whole(self, article_id: str) -> tuple[Article, Structure]:
        with self._catalogue.reading() as view:
            return _known(view, article_id), view.structure(article_id)

    def sentence_vectors(self, article_id: str) -> list[Floats]:
        with self._catalogue.reading() as view:
            _known(view, article_id)
            return list(view.sentence_embeddings(view.paragraph_ids_of(article_id)))

    def articles(self) -> list[Article]:
        with self._catalogue.reading() as view:
            return view.articles()

    def counts(self) -> tuple[int, int]:
        with self._catalogue.reading() as view:
            return view.counts()

    def search(
        self, query: str, top_k: int, filters: Filters | None = None, by: By = "fused"
    ) -> Found:
        embedded = self._embedder.embed_query(query)
        with self._catalogue.reading() as view:
            allowed = view.paragraph_ids(filters) if filters else None
            candidates = self._candidates(view, query, embedded, allowed)
            ranked = _ranked(view, embedded, candidates, by)
            return Found(_passages(view, ranked, top_k, filters), view.revision)

    def _candidates(
        self, view: View, query: str, embedded: EmbeddedQuery, allowed: Ids | None
    ) -> "_Candidates":
        """The paragraphs that words or vectors find, with their signals but for the tokens."""
        matches = view.word_matches(query, WORD_WEIGHTS)
        by_words = matches.ids[np.argsort(-matches.scores, kind="stable")]
        if allowed is not None:
            by_words = by_words[np.isin(by_words, allowed)]
        by_vectors = self._nearest(view, embedded.vector, allowed)
        ids = np.union1d(_first_without_copies(view, by_words), by_vectors)
        sentences = [
            vectors @ embedded.vector for vectors in view.sentence_embeddings(ids.tolist())
        ]
        words = dict(zip(matches.ids.tolist(), matches.scores.tolist(), strict=True))
        unseen = np.zeros(len(ids), np.float32)
        signals = Signals(
            words=share_of_best(np.array([words.get(i, 0.0) for i in ids.tolist()], np.float32)),
            sentences=np.array([scores.max() for scores in sentences], np.float32),
            tokens=unseen,
            sentence_tokens=unseen,
        )
        return _Candidates(ids, signals, sentences)

    def _nearest(self, view: View, query: Floats, allowed: Ids | None) -> Ids:
        """The paragraphs of the nearest vectors, more where many of them are copies."""
        count = NEAREST
        while True:
            ids = self._vectors.nearest(view, query, count, allowed)
            distinct = len(set(view.clusters(ids.tolist())))
            wanted = math.ceil(NEAREST * len(ids) / max(distinct, 1))
            if wanted <= count or count >= MOST_VECTORS:
                return ids
            count = min(wanted, MOST_VECTORS)


def _first_without_copies(view: View, ids: Ids) -> Ids:
    """The first ids that ``NEAREST`` different paragraphs have, their copies among them."""
    seen: set[int] = set()
    for first in range(0, len(ids), NEAREST):
        for number, cluster in enumerate(view.clusters(ids[first : first + NEAREST].tolist())):
            seen.add(cluster)
            if len(seen) > NEAREST:
                return ids[: first + number]
    return ids


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Paragraph ids, (n,), their signals, and the scores of each one's sentences."""

    ids: Ids
    signals: Signals
    sentence_scores: list[Floats]

    def best(self, scores: Floats, count: int) -> "_Candidates":
        return self.take(np.argsort(-scores, kind="stable")[:count])

    def without_copies(self, view: View, scores: Floats) -> "_Candidates":
        """Of copies the best; of those as good, the one of the least id."""
        best: dict[int, int] = {}
        clusters = view.clusters(self.ids.tolist())
        for place in np.argsort(-scores, kind="stable").tolist():
            best.setdefault(clusters[place], place)
        return self.take(np.array(sorted(best.values()), np.int64))

    def take(self, chosen: Ids) -> "_Candidates":
        return _Candidates(
            self.ids[chosen],
            self.signals.take(chosen),
            [self.sentence_scores[i] for i in chosen.tolist()],
        )


@dataclass(frozen=True, slots=True)
class _Ranked:
    paragraph_id: int
    score: float
    sentence_scores: tuple[float, ...]


def _ranked(view: View, query: EmbeddedQuery, candidates: _Candidates, by: By) -> list[_Ranked]:
    """The most promising candidates with their scores."""
    first, final = (FIRST, FUSED) if by == "fused" else (ALONE[by], ALONE[by])
    candidates = candidates.without_copies(view, fuse(candidates.signals, first))
    candidates = candidates.best(fuse(candidates.signals, first), INTERACTING)
    if by == "fused":
        candidates = _interacting(view, query, candidates)
    return [
        _Ranked(paragraph_id, score, tuple(sentences.tolist()))
        for paragraph_id, score, sentences in zip(
            candidates.ids.tolist(),
            fuse(candidates.signals, final).tolist(),
            candidates.sentence_scores,
            strict=True,
        )
    ]


def _interacting(view: View, query: EmbeddedQuery, candidates: _Candidates) -> _Candidates:
    """The candidates with the signals of their tokens, in the sentences' scores too."""
    rarity = view.token_rarity(query.token_ids)
    # Paragraph by paragraph: in one great product the last bits of each would depend on the others.
    interactions = [
        late_interaction(query, rarity, bits, numbers, len(cosines))
        for (bits, numbers), cosines in zip(
            view.token_embeddings(candidates.ids.tolist()), candidates.sentence_scores, strict=True
        )
    ]
    signals = replace(
        candidates.signals,
        tokens=np.array([found.whole for found in interactions], np.float32),
        sentence_tokens=np.array([found.sentences.max() for found in interactions], np.float32),
    )
    scores = [
        sentence_scores(cosines, found.sentences)
        for cosines, found in zip(candidates.sentence_scores, interactions, strict=True)
    ]
    return _Candidates(candidates.ids, signals, scores)


def _passages(
    view: View, ranked: Sequence[_Ranked], top_k: int, filters: Filters | None
) -> tuple[Passage, ...]:
    """The best passages, best first; equal scores in the order of article and paragraph."""
    placed = view.paragraphs(found.paragraph_id for found in ranked)
    text_ids = {place.text_id for place in placed.values()}
    first_ids = {text_id: view.article_ids_of(text_id, filters)[0] for text_id in text_ids}

    def order(found: _Ranked) -> tuple[float, str, int]:
        place = placed[found.paragraph_id]
        return -found.score, first_ids[place.text_id], place.paragraph.number

    return tuple(
        _passage(view, placed[found.paragraph_id], found, filters)
        for found in sorted(ranked, key=order)[:top_k]
    )


def _passage(view: View, place: Placed, found: _Ranked, filters: Filters | None) -> Passage:
    first, *others = view.articles_of(place.text_id, filters)
    copies = [Copy(other, place.paragraph) for other in others]
    others_ids = view.copies(found.paragraph_id, filters)[:MOST_COPIES]
    for other in view.paragraphs(others_ids).values():
        if len(copies) < MOST_COPIES:
            same_text = view.articles_of(other.text_id, filters)
            copies += [Copy(article, other.paragraph) for article in same_text]
    copies.sort(key=lambda copy: (copy.article.id, copy.paragraph.number))
    return Passage(
        first,
        place.paragraph,
        found.score,
        found.sentence_scores,
        tuple(copies[:MOST_COPIES]),
    )


def _known(view: View, article_id: str) -> Article:
    article = view.article(article_id)
    if article is None:
        raise ArticleNotFound(article_id)
    return article


def _slices(draft: Draft) -> Iterator[list[Paragraph]]:
    """The paragraphs, so many together as are settled by the draft alone."""
    paragraphs: list[Paragraph] = []
    size = 0
    for paragraph in draft.paragraphs:
        size += paragraph.span.end - paragraph.span.start
        if paragraphs and size > SLICE_CHARACTERS:
            yield paragraphs
            paragraphs, size = [], paragraph.span.end - paragraph.span.start
        paragraphs.append(paragraph)
    if paragraphs:
        yield paragraphs


def _paragraph_text(draft: Draft, paragraph: Paragraph) -> ParagraphText:
    """A paragraph as the embedder takes it, its sentences' offsets counted from its start."""
    start = paragraph.span.start
    return ParagraphText(
        paragraph.span.of(draft.text),
        tuple(sentence.moved(-start) for sentence in paragraph.sentences),
        paragraph.heading.span.of(draft.text) if paragraph.heading else "",
    )
