"""Comparing: the candidates of all passages on one scale, equal answers as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Passage
from qa.answering.confidence import Comparison
from qa.reading.reader import Candidate, Reading


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A candidate in its passage, with the score that compares it across passages."""

    passage: Passage
    candidate: Candidate
    score: float
    rank: int

    @property
    def words(self) -> str:
        return self.candidate.span.of(self.passage.article.text)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Equal answers from one or several places, best first."""

    spans: tuple[ScoredSpan, ...]

    @property
    def best(self) -> ScoredSpan:
        return self.spans[0]


def compare(readings: Sequence[Reading], comparison: Comparison) -> list[ScoredSpan]:
    """All candidates on one scale, best first; equal ones in the order of passages and text."""
    best = max((reading.passage.score for reading in readings), default=0.0)
    spans = [
        ScoredSpan(
            reading.passage,
            candidate,
            comparison.value(
                candidate.score,
                reading.passage.score - best,
                sentence_score(reading.passage, candidate),
            ),
            rank,
        )
        for rank, reading in enumerate(readings, 1)
        for candidate in reading.candidates
    ]
    return sorted(spans, key=lambda span: (-span.score, span.rank, span.candidate.span))


def sentence_score(passage: Passage, candidate: Candidate) -> float:
    """The search score of the sentence in which a candidate begins; 0 outside of all."""
    number = sentence_number(passage, candidate)
    return 0.0 if number is None else passage.sentence_scores[number]


def sentence_number(passage: Passage, candidate: Candidate) -> int | None:
    """The place, from 0, of the sentence in which a candidate begins."""
    start = candidate.span.start
    sentences = enumerate(passage.paragraph.sentences)
    return next((number for number, own in sentences if own.start <= start < own.end), None)


def merge(spans: Sequence[ScoredSpan]) -> list[Proposal]:
    """Equal answers as one, in the order of their best spans.

    Answers are equal when their words are, but for case, spacing and outer punctuation. Within
    one paragraph only the best of equal spans is kept.
    """
    merged: dict[str, list[ScoredSpan]] = {}
    for span in spans:
        alike = merged.setdefault(normal(span.words), [])
        if all(span.passage is not other.passage for other in alike):
            alike.append(span)
    return [Proposal(tuple(alike)) for alike in merged.values()]


def non_overlapping(proposals: Sequence[Proposal]) -> list[int]:
    """The places, from 0, of those that are not only a longer or shorter cut of a better one."""
    kept: list[int] = []
    for number, proposal in enumerate(proposals):
        if not any(overlap(proposal.best, proposals[other].best) for other in kept):
            kept.append(number)
    return kept


def overlap(one: ScoredSpan, other: ScoredSpan) -> bool:
    a, b = one.candidate.span, other.candidate.span
    return one.passage is other.passage and a.start < b.end and b.start < a.end


def normal(words: str) -> str:
    plain = " ".join(words.casefold().split())
    return plain.strip(" .,;:!?\"'“”‘’()[]") or plain
