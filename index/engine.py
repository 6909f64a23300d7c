"""Engines: what a library is made of, and the library that is the same over each of them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from index.article import Article, Draft, Filters, Paragraph, Structure
from index.embedding.embedder import Embedded, Embedder, Floats, ParagraphText
from index.errors import ArticleNotFound
from index.identity import Identity, identify
from index.ingest.near_duplicates import Signature, signatures
from index.library import Addition, Found, Pause, go_on
from index.search.ranking import By
from index.search.search import search
from index.search.snapshot import Counts, Page, Snapshot

SLICE_CHARACTERS = 8_000
"""Of an article's paragraphs that are embedded together: a fraction of a second's work."""


class Writer(Protocol):
    """One change to a library: all of it, or nothing."""

    def holds_text(self, text_id: str) -> bool:
        """Whether an article says this text, whoever put it in meanwhile."""

    def put(
        self,
        draft: Draft,
        identity: Identity,
        embedded: Sequence[Embedded],
        signatures: Sequence[Signature],
    ) -> bool:
        """Put an article in; True when it takes the place of another with its id.

        ``embedded`` and ``signatures`` are those of its paragraphs, in order; they are not looked
        at when the library holds the text.
        """

    def remove(self, article_id: str) -> bool:
        """Remove an article with all that came of it; False when there is none."""


class Engine(Protocol):
    """Keeps one library. Safe to use from several threads, and by several processes."""

    @property
    def embedder(self) -> str:
        """The name of the embedder that the library was built with."""

    def require_dimensions(self, dimensions: int) -> None:
        """Raises ``EmbedderMismatch`` unless the library's vectors have as many."""

    def reading(self) -> AbstractContextManager[Snapshot]:
        """One revision, unchanged until the block ends; never waits for a writer."""

    def writing(self, pause: Pause | None = None) -> AbstractContextManager[Writer]:
        """One change, made when the block ends and undone when it or ``pause`` raises."""

    def batch(self) -> AbstractContextManager[None]:
        """See ``Library.batch``."""


class EngineLibrary:
    """A library in an engine; see ``index.library.Library``. Loads no model to read."""

    def __init__(self, engine: Engine, embedder: Embedder) -> None:
        self._engine = engine
        self._embedder = embedder

    @property
    def embedder(self) -> str:
        return self._engine.embedder

    @property
    def revision(self) -> str:
        with self._engine.reading() as snapshot:
            return snapshot.revision

    def add(self, draft: Draft, pause: Pause = go_on) -> Addition:
        identity = identify(draft)
        article = _article(draft, identity)
        while True:
            with self._engine.reading() as snapshot:
                if snapshot.fingerprint(identity.article_id) == identity.fingerprint:
                    return Addition("unchanged", article)
                known = snapshot.holds_text(identity.text_id)
            embedded = () if known else self._embedded(draft, pause)
            own = () if known else _signatures(draft, pause)
            with self._engine.writing(pause) as change:
                if known and not change.holds_text(identity.text_id):
                    continue  # another removed it meanwhile
                replaced = change.put(draft, identity, embedded, own)
            return Addition("replaced" if replaced else "added", article)

    def _embedded(self, draft: Draft, pause: Pause) -> Sequence[Embedded]:
        pause()
        self._engine.require_dimensions(self._embedder.dimensions)
        embedded: list[Embedded] = []
        for paragraphs in _slices(draft):
            pause()
            embedded += self._embedder.embed([_paragraph_text(draft, one) for one in paragraphs])
        return embedded

    def remove(self, article_id: str, pause: Pause = go_on) -> None:
        with self._engine.writing(pause) as change:
            if not change.remove(article_id):
                raise ArticleNotFound(article_id)

    def batch(self) -> AbstractContextManager[None]:
        return self._engine.batch()

    def get(self, article_id: str) -> Article:
        return self.whole(article_id)[0]

    def whole(self, article_id: str) -> tuple[Article, Structure]:
        with self._engine.reading() as snapshot:
            found = snapshot.wholes([article_id])
        if not found:
            raise ArticleNotFound(article_id)
        return found[0]

    def sentence_vectors(self, article_id: str) -> list[Floats]:
        with self._engine.reading() as snapshot:
            if snapshot.fingerprint(article_id) is None:
                raise ArticleNotFound(article_id)
            return snapshot.sentence_embeddings(snapshot.paragraph_ids_of(article_id))

    def summaries(self, offset: int = 0, limit: int = 50, matching: str = "") -> Page:
        with self._engine.reading() as snapshot:
            return snapshot.summaries(offset, limit, matching)

    def counts(self) -> Counts:
        with self._engine.reading() as snapshot:
            return snapshot.counts()

    def search(
        self, query: str, top_k: int, filters: Filters | None = None, by: By = "fused"
    ) -> Found:
        self._engine.require_dimensions(self._embedder.dimensions)
        embedded = self._embedder.embed_query(query)
        with self._engine.reading() as snapshot:
            return search(snapshot, query, embedded, top_k, filters, by)


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


def _signatures(draft: Draft, pause: Pause) -> list[Signature]:
    found = []
    for signature in signatures(draft):
        pause()
        found.append(signature)
    return found


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
