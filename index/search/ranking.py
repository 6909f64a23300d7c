"""Ranking: the signals of words and vectors for each candidate paragraph, fused into one score."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.embedding.sentence_transformers import (
    Bits,
    EmbeddedQuery,
    Floats,
    SentenceNumbers,
    from_signs,
)

By = Literal["fused", "words", "vectors"]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each of n candidate paragraphs; every array is (n,) float32.

    ``words`` is BM25 as a share of the best candidate's, 0 to 1. ``sentences`` is the
    greatest cosine similarity of the query and one of the paragraph's sentences. ``tokens`` is
    the late interaction: the similarity of each of the query's tokens with the most similar token
    of the paragraph, averaged (Khattab and Zaharia 2020, "ColBERT"); ``sentence_tokens`` is the
    same within the paragraph's best sentence, which rewards words that stand together.
    """

    words: Floats
    sentences: Floats
    tokens: Floats
    sentence_tokens: Floats

    def take(self, chosen: NDArray[np.int64]) -> "Signals":
        return Signals(
            self.words[chosen],
            self.sentences[chosen],
            self.tokens[chosen],
            self.sentence_tokens[chosen],
        )


@dataclass(frozen=True, slots=True)
class Interaction:
    """The mean over the query's tokens of the greatest cosine similarity with a token of the
    paragraph, ``whole``, and with one of each of its ``sentences``, (sentences,)."""

    whole: float
    sentences: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts; together 1, so that a score is a weighted mean, 1 at most."""

    words: float = 0.0
    sentences: float = 0.0
    tokens: float = 0.0
    sentence_tokens: float = 0.0


FUSED = Weights(words=0.09, sentences=0.05, tokens=0.36, sentence_tokens=0.5)
"""Chosen on samples of the questions of squad-dev-a-1.1 from what a softmax regression (is this
candidate the gold paragraph?) found and from variations of it; the README has the figures."""

FIRST = Weights(words=0.33, sentences=0.67)
"""The same without the tokens, to choose for which candidates these are looked at."""

SENTENCE = Weights(sentences=0.3, sentence_tokens=0.7)
"""Within a paragraph: on a twelfth of the same questions the best sentence of five passages holds
the answer in 78 % so, with the cosine alone in 69 %."""

ALONE = {
    "words": Weights(words=1.0),
    "vectors": Weights(sentences=1.0),
}
"""One kind of signal alone, to measure what fusing them gains."""


def fuse(signals: Signals, weights: Weights) -> Floats:
    """The candidates' scores, (n,), higher is better."""
    return np.asarray(
        signals.words * weights.words
        + signals.sentences * weights.sentences
        + signals.tokens * weights.tokens
        + signals.sentence_tokens * weights.sentence_tokens,
        dtype=np.float32,
    )


def share_of_best(scores: Floats) -> Floats:
    """Scores as shares of the best one; zeros when there is none above zero."""
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def late_interaction(
    query: EmbeddedQuery, rarity: Floats, bits: Bits, numbers: SentenceNumbers, sentences: int
) -> Interaction:
    """How the query's tokens go with a paragraph's, weighted by their rarity, (tokens,).

    The paragraph comes as its tokens' signs, (t, d / 8), and the numbers of the sentences they
    start in, (t,), ascending, of so many ``sentences``. Where there is no token, of characters
    that the model's vocabulary leaves out, there is 0.
    """
    by_sentence = np.zeros(sentences, np.float32)
    if not len(numbers):
        return Interaction(0.0, by_sentence)
    weights = rarity / max(float(rarity.sum()), 1e-6)
    firsts = _firsts(numbers)
    similarities = query.tokens @ from_signs(bits, len(query.vector)).T
    greatest = np.maximum.reduceat(similarities, firsts, axis=1)
    by_sentence[numbers[firsts]] = weights @ greatest
    return Interaction(float(weights @ greatest.max(axis=1)), by_sentence)


def sentence_scores(cosines: Floats, interactions: Floats) -> Floats:
    """How well each sentence of a paragraph goes with the query, (sentences,), at most 1."""
    return np.asarray(
        SENTENCE.sentences * cosines + SENTENCE.sentence_tokens * interactions, np.float32
    )


def _firsts(numbers: SentenceNumbers) -> NDArray[np.int64]:
    """Where each new sentence starts among the tokens."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))
