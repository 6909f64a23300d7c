"""Deterministic stands-ins for the models, which tests use instead of patching."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.article import Article, Passage, Span
from index.embedding.embedder import (
    Embedded,
    EmbeddedQuery,
    Floats,
    ParagraphText,
    SentenceNumbers,
    TokenIds,
    signs,
)
from index.library import Library
from qa.reading.reader import Candidate, Reading

DIMENSIONS = 64


class WordEmbedder:
    """Embeds a text as the normalised sum of its words' random vectors."""

    name = "words"
    dimensions = DIMENSIONS

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        return [
            Embedded(
                sentences=np.stack([_pooled(s.of(passage.text)) for s in passage.sentences]),
                tokens=signs(_vectors(passage.text)),
                token_ids=_ids(passage.text),
                token_sentences=_numbers(passage),
            )
            for passage in passages
        ]

    def embed_query(self, query: str) -> EmbeddedQuery:
        return EmbeddedQuery(_pooled(query), _vectors(query), _ids(query))


class FirstWordsReader:
    """Reads out the capitalised words and numbers of each passage, the nearer the better."""

    name = "first-words"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        asked = set(question.casefold().split())
        return [Reading(passage, _candidates(asked, passage)) for passage in passages]


def all_articles(library: Library) -> list[Article]:
    """The articles by title and id, with their texts."""
    page = library.summaries(limit=library.counts().articles)
    return [library.get(summary.id) for summary in page.articles]


def _candidates(asked: set[str], passage: Passage) -> tuple[Candidate, ...]:
    start = passage.paragraph.span.start
    return tuple(
        Candidate(Span(start + found.start(), start + found.end()), 1.0 / (1 + number))
        for number, found in enumerate(re.finditer(r"[A-Z0-9]\w*", passage.text))
        if found.group().casefold() not in asked
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower()) or ["nothing"]


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8")).digest()


def _ids(text: str) -> TokenIds:
    return np.array([int.from_bytes(_digest(w)[:2], "big") for w in _words(text)], np.int32)


def _vectors(text: str) -> Floats:
    return np.stack([_vector(word) for word in _words(text)])


@lru_cache(10_000)
def _vector(word: str) -> Floats:
    row = np.random.default_rng(list(_digest(word))).standard_normal(DIMENSIONS)
    return (row / np.linalg.norm(row)).astype(np.float32)


def _numbers(passage: ParagraphText) -> SentenceNumbers:
    """The number of the sentence each word starts in."""
    ends = [sentence.end for sentence in passage.sentences]
    starts = [found.start() for found in re.finditer(r"\w+", passage.text)] or [0]
    last = len(ends) - 1
    return np.minimum(np.searchsorted(ends, starts, side="right"), last).astype(np.int32)


def _pooled(text: str) -> Floats:
    total = _vectors(text).sum(axis=0)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)
