"""Answering: from a question to the cited answer, each step a function of values.

understand → search → read the best passages → compare spans → merge equal answers → decide → cite
"""

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from index.alignment import Place, aligned
from index.article import Filters, Passage
from index.errors import QuestionError
from index.library import Found, Library
from index.stopwords import content_words
from qa.answering.answer import Alternative, Answer, Citation
from qa.answering.confidence import Calibration, Comparison, Evidence, agreement
from qa.answering.conversation import LOOKED_AT, Turn, Understood, understand
from qa.answering.mismatch import names_missing, negation_missing, opposites
from qa.reading.reader import Candidate, Reader, Reading

LONGEST_QUESTION = 1000
"""Characters in a question at most."""

MOST_TURNS = 10
"""Earlier turns that a question can come with at most."""

LONGEST_EARLIER_ANSWER = 10_000
"""Characters in the answer of an earlier turn at most."""

DEFAULT_TOP_K = 5
MOST_PASSAGES = 50
"""Passages that one question can ask for at most."""

ALTERNATIVES = 3
"""Other answers that are shown at most."""


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
    ) -> Answer:
        """Answer a question from the articles that pass the filters.

        ``conversation`` holds the earlier turns, oldest first. ``top_k`` passages come with the
        answer. An answer less probable than ``min_confidence`` is not given. Raises
        ``QuestionError`` when the question is blank or too long, or the conversation is.
        """
        understood = self.understand(question, conversation, top_k=top_k, filters=filters)
        return self.answer(
            question,
            understood.found,
            understood_as=understood.text,
            conversation=conversation,
            top_k=top_k,
            min_confidence=min_confidence,
        )

    def understand(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        *,
        top_k: int = DEFAULT_TOP_K,
        filters: Filters | None = None,
    ) -> Understood:
        """How to read a question in its conversation, and the passages to read and to show.

        Raises ``QuestionError`` like ``ask``.
        """
        check_question(question)
        check_conversation(conversation)
        alone = max(top_k, self.policy.passages_read)
        depth = max(alone, LOOKED_AT) if conversation else alone
        understood = understand(
            question, conversation, lambda text: self.library.search(text, depth, filters)
        )
        wanted = max(top_k, self.policy.reads(follows=understood.follows))
        found = replace(understood.found, passages=understood.found.passages[:wanted])
        return replace(understood, found=found)

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
        read = found.passages[: self.policy.reads(follows=follows)]
        known = told(question, conversation) if follows else frozenset()
        proposals = self.propose(asked, read, known=known)
        distinct = apart(proposals)[: ALTERNATIVES + 1]
        confidences = self._confidences(asked, proposals, distinct, read)
        needed = self._needed(min_confidence)
        reason = why_not(read, proposals, confidences, needed)
        citations = () if reason else cite(proposals[0])
        rated = list(zip(distinct, confidences, strict=True))
        return Answer(
            question=question,
            confidence=confidences[0] if confidences else 0.0,
            citations=citations,
            alternatives=tuple(
                Alternative(cite(proposals[number]), confidence)
                for number, confidence in rated[0 if reason else 1 :][:ALTERNATIVES]
            ),
            passages=found.passages[:top_k],
            reason=reason,
            library_revision=found.revision,
            embedder=self.library.embedder,
            reader=self.reader.name,
            understood_as=None if understood_as == question else understood_as,
        )

    def propose(
        self, question: str, passages: Sequence[Passage], *, known: Set[str] = frozenset()
    ) -> list[Proposal]:
        """The answers that the passages offer, best first, equal ones merged.

        One that says nothing beyond the ``known`` words is none.
        """
        readings = self.reader.read(question, passages)
        if known:
            readings = saying_more(readings, known)
        return merge(compare(readings, self.calibration.comparison))

    def _confidences(
        self,
        question: str,
        proposals: Sequence[Proposal],
        numbers: Sequence[int],
        passages: Sequence[Passage],
    ) -> list[float]:
        """The probability to be right of each proposal that is numbered; no later one exceeds an
        earlier one's, and together they are at most 1."""
        confidences: list[float] = []
        for number in numbers:
            seen = evidence(question, proposals, number, passages)
            own = self.calibration.confidence(seen)
            left = round(1 - sum(confidences), 4)
            confidences.append(max(0.0, min([own, left, *confidences[-1:]])))
        return confidences

    def _needed(self, min_confidence: float | None) -> float:
        for value in (min_confidence, self.policy.min_confidence):
            if value is not None:
                return value
        return self.calibration.threshold


def check_question(question: str) -> None:
    """Raise ``QuestionError`` when the question is blank, too long or not Unicode."""
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question has no words: ask in words", "question")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, and at most {LONGEST_QUESTION:,} are "
            "taken: shorten it",
            "question",
        )
    if not _is_unicode(question):
        raise QuestionError(
            f"the question {question!r} holds a lone surrogate: send it as UTF-8", "question"
        )


def check_conversation(conversation: Sequence[Turn]) -> None:
    """Raise ``QuestionError`` when there are too many turns, or one cannot have been."""
    if len(conversation) > MOST_TURNS:
        raise QuestionError(
            f"the conversation has {len(conversation)} turns, and at most {MOST_TURNS} are taken: "
            "send the latest",
            "conversation",
        )
    for number, turn in enumerate(conversation, 1):
        try:
            check_question(turn.question)
        except QuestionError as error:
            raise QuestionError(f"turn {number}: {error}", "conversation") from None
        if not _is_unicode(turn.answer):
            raise QuestionError(
                f"the answer of turn {number} holds a lone surrogate: send it as UTF-8",
                "conversation",
            )
        if len(turn.answer) > LONGEST_EARLIER_ANSWER:
            raise QuestionError(
                f"the answer of turn {number} has {len(turn.answer):,} characters, and at most "
                f"{LONGEST_EARLIER_ANSWER:,} are taken: shorten it",
                "conversation",
            )


def _is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogates, which neither UTF-8 nor the models can take."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def told(question: str, conversation: Sequence[Turn]) -> Set[str]:
    """The content words of the earlier turns that the question does not itself use again."""
    turns = (content_words(f"{turn.question} {turn.answer}") for turn in conversation)
    return set().union(*turns) - content_words(question)


def saying_more(readings: Sequence[Reading], known: Set[str]) -> list[Reading]:
    """The readings without the candidates all of whose content words are known.

    Who asks on does not ask for what was said before, and a reader that is told it, to understand
    the question, tends to find it again.
    """

    def says_more(reading: Reading, candidate: Candidate) -> bool:
        words = content_words(candidate.span.of(reading.passage.article.text))
        return not words or not words <= known

    return [
        replace(reading, candidates=tuple(c for c in reading.candidates if says_more(reading, c)))
        for reading in readings
    ]


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
    number = _sentence_number(passage, candidate)
    return 0.0 if number is None else passage.sentence_scores[number]


def _sentence_number(passage: Passage, candidate: Candidate) -> int | None:
    """The place, from 0, of the sentence in which a candidate begins."""
    start = candidate.span.start
    sentences = enumerate(passage.paragraph.sentences)
    return next((number for number, own in sentences if own.start <= start < own.end), None)


def said_at(passage: Passage, candidate: Candidate) -> str:
    """The candidate's words and its sentence, with what the passage stands under."""
    text = passage.article.text
    number = _sentence_number(passage, candidate)
    sentence = "" if number is None else passage.paragraph.sentences[number].of(text)
    above = passage.article.title, passage.heading or ""
    return "\n".join([*above, sentence, candidate.span.of(text)])


def merge(spans: Sequence[ScoredSpan]) -> list[Proposal]:
    """Equal answers as one, in the order of their best spans.

    Answers are equal when their words are, but for case, spacing and outer punctuation. Within
    one paragraph only the best of equal spans is kept.
    """
    merged: dict[str, list[ScoredSpan]] = {}
    for span in spans:
        alike = merged.setdefault(_normal(span.words), [])
        if all(span.passage is not other.passage for other in alike):
            alike.append(span)
    return [Proposal(tuple(alike)) for alike in merged.values()]


def apart(proposals: Sequence[Proposal]) -> list[int]:
    """The places, from 0, of those that are not only a longer or shorter cut of a better one."""
    kept: list[int] = []
    for number, proposal in enumerate(proposals):
        if not any(_overlap(proposal.best, proposals[other].best) for other in kept):
            kept.append(number)
    return kept


def _overlap(one: ScoredSpan, other: ScoredSpan) -> bool:
    a, b = one.candidate.span, other.candidate.span
    return one.passage is other.passage and a.start < b.end and b.start < a.end


def _normal(words: str) -> str:
    plain = " ".join(words.casefold().split())
    return plain.strip(" .,;:!?\"'“”‘’()[]") or plain


def evidence(
    question: str, proposals: Sequence[Proposal], number: int, passages: Sequence[Passage]
) -> Evidence:
    """What speaks for one of the proposals, see ``qa.answering.confidence.FEATURES``."""
    best = proposals[number].best
    least = min(proposal.best.score for proposal in proposals)
    others = [one.best.score for one in proposals if not _overlap(one.best, best)]
    rivals = [passage.score for passage in passages if passage is not best.passage]
    said = said_at(best.passage, best.candidate)
    return Evidence(
        score=best.candidate.score,
        margin=best.score - max(others, default=least),
        passage_score=best.passage.score,
        passage_margin=best.passage.score - max(rivals, default=best.passage.score),
        agreement=agreement(best.words, [passage.text for passage in passages]),
        rank=math.log(best.rank),
        sentence_score=sentence_score(best.passage, best.candidate),
        names_missing=names_missing(question, said),
        negation_missing=negation_missing(question, said),
        opposites=opposites(question, said),
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
            f"{confidences[0]:.1%}, and at least {needed:.1%} is asked for."
        )
    return None


def cite(proposal: Proposal) -> tuple[Citation, ...]:
    """The places of a proposal's quotes, the best first, each followed by its copies."""
    cited = [
        citation
        for span in proposal.spans
        for citation in (_citation(span), *_copied(span, _normal(proposal.best.words)))
    ]
    places = {(one.article.id, one.span): one for one in reversed(cited)}  # the first of equal ones
    return tuple(one for one in cited if places[one.article.id, one.span] is one)


def _citation(span: ScoredSpan) -> Citation:
    return Citation(span.passage.article, span.passage.paragraph, span.candidate.span)


def _copied(span: ScoredSpan, words: str) -> Iterator[Citation]:
    """The same quote where the copies of its passage have it; what does not hold is left out."""
    own = Place(span.passage.article.text, span.passage.paragraph.span)
    for copy in span.passage.copies:
        place = Place(copy.article.text, copy.paragraph.span)
        found = aligned(span.candidate.span, own, place)
        if found and _normal(found.of(copy.article.text)) == words:
            yield Citation(copy.article, copy.paragraph, found)
