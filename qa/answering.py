"""Answering: from a question to the cited answer, each step a function of values.

search → read the best passages → compare spans → merge equal answers → decide → cite
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from index.article import Filters, Passage
from index.errors import QuestionError
from index.library import Found, Library
from qa.answer import Alternative, Answer, Citation
from qa.confidence import Calibration, Evidence, agreement
from qa.reading.reader import Candidate, Reader, Reading

LONGEST_QUESTION = 1000
"""Characters in a question at most."""

DEFAULT_TOP_K = 5
MOST_PASSAGES = 50
"""Passages that one question can ask for at most."""

ALTERNATIVES = 3
"""Other answers that are shown at most."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers are made: passages read for one question, and the confidence to answer from
    (None: the calibration's own threshold)."""

    passages_read: int = 5
    min_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
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

    spans: tuple[Span, ...]

    @property
    def best(self) -> Span:
        return self.spans[0]


class Answerer:
    """Answers questions from a library with a reader. Deterministic and safe to share."""

    def __init__(
        self,
        library: Library,
        reader: Reader,
        calibration: Calibration,
        settings: Settings | None = None,
    ) -> None:
        self.library = library
        self.reader = reader
        self.calibration = calibration
        self.settings = settings or Settings()

    def ask(
        self,
        question: str,
        *,
        top_k: int = DEFAULT_TOP_K,
        filters: Filters | None = None,
        min_confidence: float | None = None,
    ) -> Answer:
        """Answer a question from the articles that pass the filters.

        ``top_k`` passages come with the answer. An answer less probable than ``min_confidence``
        is not given. Raises ``QuestionError`` when the question is blank or too long.
        """
        found = self.find(question, top_k=top_k, filters=filters)
        return self.answer(question, found, top_k=top_k, min_confidence=min_confidence)

    def find(
        self, question: str, *, top_k: int = DEFAULT_TOP_K, filters: Filters | None = None
    ) -> Found:
        """The passages to read and to show. Raises ``QuestionError`` like ``ask``."""
        check_question(question)
        return self.library.search(question, max(top_k, self.settings.passages_read), filters)

    def answer(
        self,
        question: str,
        found: Found,
        *,
        top_k: int = DEFAULT_TOP_K,
        min_confidence: float | None = None,
    ) -> Answer:
        """Read the passages that were found and answer from them, or say why not."""
        read = found.passages[: self.settings.passages_read]
        proposals = self.propose(question, read)
        confidences = self._confidences(proposals, read)
        needed = self._needed(min_confidence)
        reason = why_not(read, proposals, confidences, needed)
        citations = () if reason else cite(proposals[0])
        first_other = 0 if reason else 1
        return Answer(
            question=question,
            confidence=confidences[0] if confidences else 0.0,
            citations=citations,
            alternatives=tuple(
                Alternative(cite(proposal), confidence)
                for proposal, confidence in islice(
                    zip(proposals, confidences, strict=True),
                    first_other,
                    ALTERNATIVES + first_other,
                )
            ),
            passages=found.passages[:top_k],
            reason=reason,
            library_revision=found.revision,
            embedder=self.library.embedder,
            reader=self.reader.name,
        )

    def propose(self, question: str, passages: Sequence[Passage]) -> list[Proposal]:
        """The answers that the passages offer, best first, equal ones merged."""
        readings = self.reader.read(question, passages)
        return merge(compare(readings, self.calibration.passage_weight))

    def _confidences(
        self, proposals: Sequence[Proposal], passages: Sequence[Passage]
    ) -> list[float]:
        """Each proposal's probability to be right; no later one exceeds an earlier one's, and
        together they are at most 1."""
        confidences: list[float] = []
        for number in range(min(len(proposals), ALTERNATIVES + 1)):
            own = self.calibration.confidence(evidence(proposals, number, passages))
            left = round(1 - sum(confidences), 4)
            confidences.append(max(0.0, min([own, left, *confidences[-1:]])))
        return confidences

    def _needed(self, min_confidence: float | None) -> float:
        for value in (min_confidence, self.settings.min_confidence):
            if value is not None:
                return value
        return self.calibration.threshold


def check_question(question: str) -> None:
    """Raise ``QuestionError`` when the question is blank or too long."""
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question has no words: ask in words", "question")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, and at most {LONGEST_QUESTION:,} are "
            "taken: shorten it",
            "question",
        )


def compare(readings: Sequence[Reading], passage_weight: float) -> list[Span]:
    """All candidates on one scale, best first: the reader's score plus the weighed lead of the
    passage's search score over the best passage's (0 for the best, negative for the others)."""
    best = max((reading.passage.score for reading in readings), default=0.0)
    spans = [
        Span(
            reading.passage,
            candidate,
            candidate.score + passage_weight * (reading.passage.score - best),
            rank,
        )
        for rank, reading in enumerate(readings, 1)
        for candidate in reading.candidates
    ]
    return sorted(spans, key=lambda span: (-span.score, span.rank, span.candidate.span))


def merge(spans: Sequence[Span]) -> list[Proposal]:
    """Equal answers as one, in the order of their best spans.

    Answers are equal when their words are, but for case, spacing and outer punctuation. Within
    one paragraph only the best of equal spans is kept.
    """
    merged: dict[str, list[Span]] = {}
    for span in spans:
        alike = merged.setdefault(_normal(span.words), [])
        if all(span.passage is not other.passage for other in alike):
            alike.append(span)
    return [Proposal(tuple(alike)) for alike in merged.values()]


def _normal(words: str) -> str:
    return " ".join(words.casefold().split()).strip(".,;:!?\"'“”‘’()[]")


def evidence(proposals: Sequence[Proposal], number: int, passages: Sequence[Passage]) -> Evidence:
    """What speaks for one of the proposals, see ``qa.confidence.FEATURES``."""
    best = proposals[number].best
    others = [proposal.best.score for i, proposal in enumerate(proposals) if i != number]
    rivals = [passage.score for passage in passages if passage is not best.passage]
    return Evidence(
        score=best.candidate.score,
        margin=best.score - max(others, default=best.score),
        passage_score=best.passage.score,
        passage_margin=best.passage.score - max(rivals, default=best.passage.score),
        agreement=agreement(best.words, [passage.text for passage in passages]),
        rank=math.log(best.rank),
    )


def why_not(
    passages: Sequence[Passage],
    proposals: Sequence[Proposal],
    confidences: Sequence[float],
    needed: float,
) -> str | None:
    """Why no answer is given, for a person to read; None when one is."""
    if not passages:
        return "No article in the library passes the filters, or the library is empty."
    if not proposals:
        return "The passages nearest to the question hold nothing that could answer it."
    if confidences[0] < needed:
        return (
            "The articles don't seem to say: the best reading is right with a probability of "
            f"{confidences[0]:.0%}, and at least {needed:.0%} is asked for."
        )
    return None


def cite(proposal: Proposal) -> tuple[Citation, ...]:
    """The places of a proposal's quotes, the best first."""
    return tuple(
        Citation(span.passage.article, span.passage.paragraph, span.candidate.span)
        for span in proposal.spans
    )
