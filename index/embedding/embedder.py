"""The port: text in, unit vectors out.

A paragraph goes through the model once. From that one pass come two views of it: one vector a
sentence (its tokens, pooled, so that a sentence is embedded in its context) and one a token (for
late interaction, see ``index.search``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Span

Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]
TokenIds = NDArray[np.int32]
SentenceNumbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A paragraph to embed. ``sentences`` are code points into ``text``."""

    text: str
    sentences: tuple[Span, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Embedded:
    """An embedded paragraph.

    ``sentences`` is (sentences, dimensions) float32, its rows of length 1. For each
    token, ``tokens`` (tokens, dimensions / 8) uint8 holds the signs of its vector, a bit each, as
    ``numpy.packbits`` lays them, ``token_ids`` (tokens,) its id in the vocabulary and
    ``token_sentences`` (tokens,) the 0-based number of the sentence it starts in, ascending.
    """

    sentences: Floats
    tokens: Bits
    token_ids: TokenIds
    token_sentences: SentenceNumbers


@dataclass(frozen=True, slots=True)
class EmbeddedQuery:
    """``vector`` is (dimensions,), ``tokens`` (tokens, dimensions) with rows of length 1, and
    ``token_ids`` (tokens,) their ids in the vocabulary."""

    vector: Floats
    tokens: Floats
    token_ids: TokenIds


class Embedder(Protocol):
    """Turns text into vectors. Safe to use from several threads.

    Deterministic: one article's paragraphs give the same bits, whatever else is embedded.
    """

    @property
    def name(self) -> str:
        """The model's name, kept in the library to tell embedders apart."""

    @property
    def dimensions(self) -> int:
        """The length of every vector."""

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        """Embed one article's paragraphs, in order."""

    def embed_query(self, query: str) -> EmbeddedQuery:
        """Embed a question."""


def signs(vectors: Floats) -> Bits:
    """The signs of vectors, (n, d), as bits, (n, d / 8); the inverse of ``from_signs`` but for
    the lengths."""
    return np.packbits(vectors > 0, axis=1)


def from_signs(bits: Bits, dimensions: int) -> Floats:
    """Unit vectors, (n, dimensions), whose components have the given signs."""
    vectors: Floats = np.unpackbits(bits, axis=1, count=dimensions).astype(np.float32)
    length = np.float32(1 / np.sqrt(dimensions))
    vectors *= 2 * length  # in place: this is most of the work of a search
    vectors -= length
    return vectors


def unit(vectors: Floats) -> Floats:
    """The vectors at length 1, but for those without a direction."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
