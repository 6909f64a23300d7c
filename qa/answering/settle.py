"""Settling: the whole sentence that answers, where no few words do.

A yes-or-no question is settled by a sentence, and so is one whose words the reader cannot cut out
with confidence. A logistic regression over what the search and the reader make of each sentence
says how probably it is the one.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from index.article import Span
from index.questions import interrogative
from qa.answering.compare import ScoredSpan
from qa.answering.confidence import logistic
from qa.reading.reader import Candidate, Reading

NEEDED = 0.6
"""A sentence is given from this probability on."""

LIST_NEEDED = 0.45
"""Of a list of sentences the best must have this probability,"""

ITEM_NEEDED, ITEM_SHARE = 0.25, 0.5
"""and each of them this one, and this share of the best one's."""

LEAST_SCORE = -12.0
"""The reader's score of a sentence in which it finds nothing; no score and no lead is less."""


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """What speaks for a sentence: the search's ``score`` of it and its distance to the best one's
    (``lead``, at most 0); the ``reading``, the reader's best score inside, and its distance to the
    best one's (``reading_lead``); and whether the reader's ``best`` stands in it, 0 or 1."""

    score: float
    lead: float
    reading: float
    reading_lead: float
    best: float


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """The log-odds that a sentence settles a question: an intercept, and what each feature adds."""

    intercept: float
    features: SentenceFeatures

    def probability(self, features: SentenceFeatures) -> float:
        added = zip(astuple(self.features), astuple(features), strict=True)
        return round(logistic(self.intercept + sum(weight * value for weight, value in added)), 4)


FITTED = SentenceWeights(
    -2.488,
    SentenceFeatures(score=4.209, lead=6.532, reading=0.069, reading_lead=0.041, best=1.232),
)
"""Fitted by ``python -m qa.training.settling`` on the cases of ``benchmarks/data/forms`` that are
not held back."""


@dataclass(frozen=True, slots=True)
class Settling:
    """A sentence and the probability that it settles the question."""

    sentence: ScoredSpan
    confidence: float


def settling(readings: Sequence[Reading], weights: SentenceWeights = FITTED) -> Settling | None:
    """The sentence that most probably settles what was read; None when nothing states anything."""
    found = [
        Settling(sentence, weights.probability(features))
        for sentence, features in sentences(readings)
    ]
    return max(found, key=lambda one: one.confidence, default=None)


def sentences(readings: Sequence[Reading]) -> list[tuple[ScoredSpan, SentenceFeatures]]:
    """Every sentence that states something, with its features, in the order of the passages."""
    found = [
        (rank, reading, span, score, _best_inside(reading, span))
        for rank, reading in enumerate(readings, 1)
        for span, score in zip(
            reading.passage.paragraph.sentences, reading.passage.sentence_scores, strict=True
        )
        if _states(span.of(reading.passage.article.text))
    ]
    top = max((score for _, _, _, score, _ in found), default=0.0)
    best = max((inside for *_, inside in found), default=LEAST_SCORE)
    return [
        (
            ScoredSpan(reading.passage, Candidate(span, inside), score, rank),
            SentenceFeatures(
                score,
                score - top,
                inside,
                max(inside - best, LEAST_SCORE),
                float(inside >= best),
            ),
        )
        for rank, reading, span, score, inside in found
    ]


def settling_all(readings: Sequence[Reading], weights: SentenceWeights = FITTED) -> list[Settling]:
    """Every sentence that settles a part of what was asked for as a list, in the order of the
    passages and the text; empty when none does with certainty."""
    found = [
        Settling(sentence, weights.probability(features))
        for sentence, features in sentences(readings)
    ]
    best = max((one.confidence for one in found), default=0.0)
    least = max(ITEM_NEEDED, ITEM_SHARE * best)
    return [one for one in found if one.confidence >= least] if best >= LIST_NEEDED else []


def _states(words: str) -> bool:
    """Whether a sentence says something: a table does not, nor what asks."""
    return "|" not in words and not interrogative(words)


def _best_inside(reading: Reading, span: Span) -> float:
    scores = (c.score for c in reading.candidates if span.start <= c.span.start < span.end)
    return max([LEAST_SCORE, *scores])


FEATURE_NAMES = tuple(field.name for field in fields(SentenceFeatures))
