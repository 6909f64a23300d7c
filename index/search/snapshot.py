"""Snapshots: what a search reads of a library, in batches; each engine gives its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Filters, Paragraph, Structure, Summary
from index.embedding.embedder import Bits, Floats, SentenceNumbers, TokenIds

Ids = NDArray[np.int64]

FIELD_WEIGHTS = (1.0, 0.5, 0.5)
"""BM25's weights of a paragraph's text, its heading and the titles of its articles."""


class Counts(NamedTuple):
    """How much a library holds; the paragraphs of equal texts are the same ones."""

    articles: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the articles in their order, and how many there are in all."""

    articles: tuple[Summary, ...]
    total: int


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Paragraph ids and their BM25 scores, both (n,); scores are positive, higher is better."""

    ids: Ids
    scores: Floats


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """A paragraph, and what names the text that it stands in."""

    id: int
    text_id: str
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class TokenEmbeddings:
    """A paragraph's tokens in order: ``bits``, (tokens, dimensions / 8), are the signs of their
    vectors, and ``sentences``, (tokens,), the numbers of the sentences they start in."""

    bits: Bits
    sentences: SentenceNumbers


class Snapshot(Protocol):
    """One revision of a library, unchanged for as long as it is held.

    Paragraphs are named by ids that hang on their content and place alone (see
    ``index.identity.paragraph_id``), so they are the same in every engine. A read that is given
    ids answers for each of them, in their order; an id that is not of this snapshot, or one whose
    content is not what was written, raises ``LibraryCorrupt``.
    """

    @property
    def revision(self) -> str:
        """Names the content: equal revisions hold equal articles."""

    def counts(self) -> Counts:
        """Kept, not counted."""

    def paragraph_ids(self, filters: Filters | None = None) -> Ids:
        """The paragraphs with an article that passes, ascending."""

    def word_matches(self, words: Sequence[str], count: int, within: Ids | None) -> WordMatches:
        """The ``count`` paragraphs, of those ``within``, that best match any of the words.

        By BM25 with ``FIELD_WEIGHTS``, k1 1.2 and b 0.75, over Porter stems without accents; best
        first, of equal scores the lesser id first. Statistics are those of the whole library.
        """

    def word_scores(self, words: Sequence[str], ids: Ids) -> Floats:
        """The same score of each of these paragraphs; 0 where no word is."""

    def nearest(self, query: Floats, count: int, within: Ids | None) -> Ids:
        """The paragraphs, of those ``within``, that the ``count`` nearest sentences stand in.

        ``query`` is (dimensions,) of length 1. Ascending, with those of all the sentences that
        are as near as the last of them.
        """

    def sentence_embeddings(self, ids: Ids) -> list[Floats]:
        """The sentences' vectors of each paragraph, (sentences, dimensions)."""

    def token_embeddings(self, ids: Ids) -> list[TokenEmbeddings]:
        """The tokens of each paragraph."""

    def document_frequencies(self, token_ids: TokenIds) -> NDArray[np.int64]:
        """How many paragraphs have each token, (tokens,)."""

    def clusters(self, ids: Ids) -> Ids:
        """For each paragraph what it has in common with its near-duplicates and no other."""

    def near_duplicates(
        self, clusters: Sequence[int], filters: Filters | None, count: int
    ) -> Mapping[int, Sequence[int]]:
        """Of each cluster the first ``count`` paragraph ids that pass, ascending."""

    def paragraph_ids_of(self, article_id: str) -> Ids:
        """The paragraphs of an article, in reading order."""

    def paragraphs(self, ids: Sequence[int]) -> list[PlacedParagraph]:
        """The paragraphs of these ids."""

    def first_articles(self, text_ids: Sequence[str], filters: Filters | None) -> Mapping[str, str]:
        """Of each text the least id of an article that says it and passes."""

    def articles_of(
        self, text_ids: Sequence[str], filters: Filters | None, count: int
    ) -> Mapping[str, Sequence[Article]]:
        """Of each text the first ``count`` articles that say it and pass, by id."""

    def article_ids(self) -> list[str]:
        """The ids of all articles, ascending."""

    def fingerprint(self, article_id: str) -> str | None:
        """The fingerprint of the article that is kept under this id; see ``index.identity``."""

    def holds_text(self, text_id: str) -> bool:
        """Whether an article says this text."""

    def wholes(self, article_ids: Sequence[str]) -> list[tuple[Article, Structure]]:
        """Those of these articles that are there, with their parts, in the order given."""

    def summaries(self, offset: int, limit: int, matching: str) -> Page:
        """Articles without their texts, by title and id: those whose title or source holds
        ``matching``, in any case."""
