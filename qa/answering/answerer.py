"""Answering: from a question to the cited answer, a module a step, each a function of values.

understand → retrieve → read → compare → decide → cite
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.article import Filters
from index.library import Found, Library
from qa.answering.answer import Alternative, Answer
from qa.answering.cite import cite
from qa.answering.compare import compare, merge, non_overlapping
from qa.answering.confidence import Calibration
from qa.answering.conversation import Turn
from qa.answering.decide import confidences, why_not
from qa.answering.question import DEFAULT_TOP_K, check_conversation, check_question
from qa.answering.read import earlier_words, read
from qa.answering.understand import understand
from qa.reading.reader import Reader

ALTERNATIVES = 3
"""Other answers that are shown at most."""

Trace = Callable[[str, object], None]
"""Gets each step's name and value as soon as it is done: ``search`` with the ``Found`` passages,
``read`` with the ``Answer``."""


def untraced(step: str, value: object) -> None:
    """The trace of whoever does not look."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are made: passages read for one question, and the confidence to answer from
    (None: the calibration's own threshold)."""

    passages_read: int = 5
    min_confidence: float | None = None

    def reads(self, *, follows: bool) -> int:
        """Passages to read: for a question that follows as many again, those that are found for it
        as written, so that one that stands alone does not lose them if it is taken to follow."""
        return 2 * self.passages_read if follows else self.passages_read


class Answerer:
    """Answers questions from a library with a reader. Deterministic and safe to share."""

    def __init__(
        self,
        library: Library,
        reader: Reader,
        calibration: Calibration,
        policy: Policy | None = None,
    ) -> None:
        self.library = library
        self.reader = reader
        self.calibration = calibration
        self.policy = policy or Policy()

    def ask(
        self,
        question: str,
        *,
        conversation: Sequence[Turn] = (),
        top_k: int = DEFAULT_TOP_K,
        filters: Filters | None = None,
        min_confidence: float | None = None,
        trace: Trace = untraced,
    ) -> Answer:
        """Answer a question from the articles that pass the filters.

        ``conversation`` holds the earlier turns, oldest first. ``top_k`` passages come with the
        answer. An answer less probable than ``min_confidence`` is not given. ``trace`` is told of
        each step. Raises ``QuestionError`` when the question is blank or too long, or the
        conversation is.
        """
        check_question(question)
        check_conversation(conversation)
        shown = max(top_k, self.policy.passages_read)
        understood = understand(
            question,
            conversation,
            lambda text, depth: self.library.search(text, depth, filters),
            shown,
        )
        wanted = max(top_k, self.policy.reads(follows=understood.follows))
        found = replace(understood.found, passages=understood.found.passages[:wanted])
        trace("search", found)
        answer = self.answer(
            question,
            found,
            understood_as=understood.text,
            conversation=conversation,
            top_k=top_k,
            min_confidence=min_confidence,
        )
        trace("read", answer)
        return answer

    def find(
        self, question: str, *, top_k: int = DEFAULT_TOP_K, filters: Filters | None = None
    ) -> Found:
        """The passages to read and to show. Raises ``QuestionError`` like ``ask``."""
        check_question(question)
        return self.library.search(question, max(top_k, self.policy.passages_read), filters)

    def answer(
        self,
        question: str,
        found: Found,
        *,
        understood_as: str | None = None,
        conversation: Sequence[Turn] = (),
        top_k: int = DEFAULT_TOP_K,
        min_confidence: float | None = None,
    ) -> Answer:
        """Read the passages that were found and answer from them, or say why not.

        ``understood_as`` is what is asked of them in the place of the question as written, when it
        goes on from the ``conversation``.
        """
        asked = understood_as or question
        follows = asked != question
        passages = found.passages[: self.policy.reads(follows=follows)]
        earlier = earlier_words(question, conversation) if follows else frozenset()
        readings = read(self.reader, asked, passages, earlier=earlier)
        proposals = merge(compare(readings, self.calibration.comparison))
        distinct = non_overlapping(proposals)[: ALTERNATIVES + 1]
        rated = confidences(self.calibration, asked, proposals, distinct, passages)
        reason = why_not(passages, proposals, rated, self._needed(min_confidence))
        others = list(zip(distinct, rated, strict=True))[0 if reason else 1 :]
        return Answer(
            question=question,
            confidence=rated[0] if rated else 0.0,
            citations=() if reason else cite(proposals[0]),
            alternatives=tuple(
                Alternative(cite(proposals[number]), confidence)
                for number, confidence in others[:ALTERNATIVES]
            ),
            passages=found.passages[:top_k],
            reason=reason,
            library_revision=found.revision,
            embedder=self.library.embedder,
            reader=self.reader.name,
            understood_as=None if understood_as == question else understood_as,
        )

    def _needed(self, min_confidence: float | None) -> float:
        for value in (min_confidence, self.policy.min_confidence):
            if value is not None:
                return value
        return self.calibration.threshold
