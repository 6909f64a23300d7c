"""Ranking: the signals of words and vectors for each candidate paragraph, fused into one score."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Floats

By = Literal["fused", "words", "vectors"]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each of n candidate paragraphs; every array is (n,) float32.

    ``lexical`` is BM25 as a share of the best candidate's, 0 to 1. ``dense`` is the greatest
    cosine similarity of the query and one of the paragraph's sentences. ``late_interaction`` is
    the similarity of each of the query's tokens with the most similar token of the paragraph,
    averaged (Khattab and Zaharia 2020, "ColBERT"); ``sentence_interaction`` is the same within
    the paragraph's best sentence, which rewards words that stand together.
    """

    lexical: Floats
    dense: Floats
    late_interaction: Floats
    sentence_interaction: Floats

    def take(self, chosen: NDArray[np.int64]) -> "Signals":
        return Signals(
            self.lexical[chosen],
            self.dense[chosen],
            self.late_interaction[chosen],
            self.sentence_interaction[chosen],
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts; together 1, so that a score is a weighted mean, 1 at most."""

    lexical: float = 0.0
    dense: float = 0.0
    late_interaction: float = 0.0
    sentence_interaction: float = 0.0


FUSED = Weights(lexical=0.09, dense=0.05, late_interaction=0.36, sentence_interaction=0.5)
"""Chosen on samples of the questions of squad-dev-a-1.1 from what a softmax regression (is this
candidate the gold paragraph?) found and from variations of it; the README has the figures."""

FIRST = Weights(lexical=0.33, dense=0.67)
"""The same without late interaction, to choose for which candidates it is computed."""

ALONE = {
    "words": Weights(lexical=1.0),
    "vectors": Weights(dense=1.0),
}
"""One kind of signal alone, to measure what fusing them gains."""


def fuse(signals: Signals, weights: Weights) -> Floats:
    """The candidates' scores, (n,), higher is better."""
    return np.asarray(
        signals.lexical * weights.lexical
        + signals.dense * weights.dense
        + signals.late_interaction * weights.late_interaction
        + signals.sentence_interaction * weights.sentence_interaction,
        dtype=np.float32,
    )


def share_of_best(scores: Floats) -> Floats:
    """Scores as shares of the best one; zeros when there is none above zero."""
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores
