"""Ranking: the signals of words and vectors for each candidate paragraph, fused into one score."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.embedding import Bits, EmbeddedQuery, Floats, from_signs

By = Literal["fused", "words", "vectors"]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each of n candidate paragraphs; every array is (n,) float32.

    ``words`` is BM25 as a share of the best candidate's, 0 to 1. ``windows`` and ``sentences``
    are the best cosine similarity of the query and one of the paragraph's windows or sentences.
    ``tokens`` is the late interaction: the similarity of each of the query's tokens with the most
    similar token of the paragraph, averaged (Khattab and Zaharia 2020, "ColBERT").
    """

    words: Floats
    windows: Floats
    sentences: Floats
    tokens: Floats

    def take(self, chosen: NDArray[np.int64]) -> "Signals":
        return Signals(
            self.words[chosen], self.windows[chosen], self.sentences[chosen], self.tokens[chosen]
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """The log-odds that one unit of each signal adds."""

    words: float
    windows: float
    sentences: float
    tokens: float


FUSED = Weights(words=3.0, windows=0.0, sentences=9.0, tokens=20.0)
"""Fitted on squad-dev-a-1.1 (see the README): the softmax over the candidates of a question is
the probability that a candidate is the right paragraph."""

FIRST = Weights(words=7.0, windows=0.0, sentences=18.0, tokens=0.0)
"""The same without the tokens, to choose for which candidates these are looked at."""

ALONE = {
    "words": Weights(words=1.0, windows=0.0, sentences=0.0, tokens=0.0),
    "vectors": Weights(words=0.0, windows=0.0, sentences=1.0, tokens=0.0),
}
"""One kind of signal alone, to measure what fusing them gains."""


def fuse(signals: Signals, weights: Weights) -> Floats:
    """The candidates' scores, (n,), higher is better."""
    return np.asarray(
        signals.words * weights.words
        + signals.windows * weights.windows
        + signals.sentences * weights.sentences
        + signals.tokens * weights.tokens,
        dtype=np.float32,
    )


def share_of_best(scores: Floats) -> Floats:
    """Scores as shares of the best one; zeros when there is none above zero."""
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def late_interaction(query: EmbeddedQuery, rarity: Floats, paragraphs: Iterable[Bits]) -> Floats:
    """For each paragraph's token signs, (t, d / 8): the mean over the query's tokens, weighted by
    their rarity, (tokens,), of the greatest cosine similarity with one of the paragraph's."""
    bits = list(paragraphs)
    if not bits:
        return np.empty(0, dtype=np.float32)
    firsts = np.cumsum([0, *(len(tokens) for tokens in bits[:-1])])
    tokens = from_signs(np.concatenate(bits), len(query.vector))
    greatest = np.maximum.reduceat(query.tokens @ tokens.T, firsts, axis=1)
    weights = rarity / max(float(rarity.sum()), 1e-6)
    return np.asarray(weights @ greatest, dtype=np.float32)
