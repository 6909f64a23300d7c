"""Answering: from a question to the cited answer, a module a step, each a function of values.

understand → retrieve → read → compare → decide → cite
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from index.article import Filters, Passage
from index.library import Found, Library
from qa.answering import replies
from qa.answering.answer import (
    Alternative,
    Answer,
    AnswerKind,
    Citation,
    CompetingValue,
    Quote,
)
from qa.answering.cite import cite
from qa.answering.compare import Proposal, compare, merge, non_overlapping
from qa.answering.confidence import Calibration
from qa.answering.conversation import Turn
from qa.answering.cut import statements, widened
from qa.answering.decide import confidences, why_not
from qa.answering.disagree import (
    as_values,
    competing,
    independent_sources,
    own_confidence,
    supported,
)
from qa.answering.forms import METADATA, kind_of, likely
from qa.answering.language import another_language
from qa.answering.listing import MOST_ITEMS, asks_sentences, items
from qa.answering.overview import Outline, about, overview, sentence_relevance, subject_of
from qa.answering.parts import parts_of
from qa.answering.question import (
    DEFAULT_TOP_K,
    MOST_PASSAGES,
    check_conversation,
    check_question,
)
from qa.answering.question_kind import Kind, shipped
from qa.answering.read import earlier_words, read
from qa.answering.retrieve import interleave
from qa.answering.sentences import asks_a_name
from qa.answering.settle import NEEDED as SETTLED_FROM
from qa.answering.settle import settling, settling_all
from qa.answering.suggestions import SUGGESTED, candidates
from qa.answering.table import look_up
from qa.answering.understand import understand
from qa.reading.reader import Reader, Reading

ALTERNATIVES = 3
"""Other answers that are shown at most."""

ITEM_SHARE = 0.5
"""What share of the best item's confidence, and of the confidence that is needed, an item of a list
must have."""

CELL_CONFIDENCE = 0.8
"""How often a cell was right whose row and column a question names, in ``benchmarks.forms``."""

MOST_ARTICLES = 6
"""Articles at most that an overview which names no subject can be of."""

Cut = Callable[[Proposal], Proposal]
"""How much of the text around its spans a proposal takes."""

WHOLE: Cut = partial(widened, whole=True)

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as written, the ``text`` that is read in its place, the same ``restated`` as a
    person would ask it, and what is found for it.

    ``conversation`` holds the earlier turns if it goes on from them; an answer needs at least a
    confidence of ``needed``.
    """

    question: str
    text: str
    restated: str
    found: Found
    conversation: tuple[Turn, ...] = ()
    top_k: int = DEFAULT_TOP_K
    filters: Filters | None = None
    needed: float = 0.0

    @property
    def follows(self) -> bool:
        return bool(self.conversation)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What was read, its proposals best first, the numbers of those that do not overlap, and their
    confidences as far as they are shown."""

    passages: tuple[Passage, ...]
    readings: list[Reading]
    proposals: list[Proposal]
    distinct: list[int]
    confidences: list[float]

    @property
    def confidence(self) -> float:
        return self.confidences[0] if self.confidences else 0.0

    def others(self, first: int) -> tuple[Alternative, ...]:
        """The alternatives from a place on, 0 being the best proposal."""
        rated = list(zip(self.distinct, self.confidences, strict=False))[first:]
        return tuple(
            Alternative(cite(self.proposals[number]), confidence)
            for number, confidence in rated[:ALTERNATIVES]
        )


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
        understood = understand(
            question,
            conversation,
            lambda text, depth: self.library.search(text, depth, filters),
            max(top_k, self.policy.passages_read),
        )
        wanted = max(top_k, self.policy.reads(follows=understood.follows))
        found = replace(understood.found, passages=understood.found.passages[:wanted])
        trace("search", found)
        asked = Asked(
            question,
            understood.text,
            understood.restated,
            found,
            conversation=tuple(conversation) if understood.follows else (),
            top_k=top_k,
            filters=filters,
            needed=self._needed(min_confidence),
        )
        answer = self._answer(asked)
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
        top_k: int = DEFAULT_TOP_K,
        min_confidence: float | None = None,
    ) -> Answer:
        """Read the passages that were found and answer with the reader's own cut of the words, or
        say why not, whatever the kind of the question."""
        needed = self._needed(min_confidence)
        asked = Asked(question, question, question, found, top_k=top_k, needed=needed)
        return self._quote(asked, cut=lambda proposal: proposal)

    def _answer(self, asked: Asked) -> Answer:
        """The answer in the form that the kind of the question asks for."""
        kind = kind_of(asked.question, asked.restated, asked.found.passages)
        foreign = another_language(asked.question, (p.text for p in asked.found.passages))
        if foreign:
            return self._told(asked, "help", replies.foreign(foreign))
        if kind == "gibberish":
            return self._told(asked, "none", replies.GIBBERISH)
        if kind in ("smalltalk", "help", "library"):
            return self._told(asked, "help", self._introduction(kind))
        if kind in METADATA and asked.found.passages:
            return self._metadata(asked, kind)
        if kind == "order":
            return self._told(asked, "help", replies.ORDER)
        if kind == "calculation":
            return self._told(asked, "help", replies.CALCULATION)
        if kind == "overview":
            return self._overview(asked)
        if kind == "parts":
            return self._parts(asked)
        cell = self._cell(asked) if kind == "quote" else None
        if cell:
            return cell
        if kind == "list":
            return self._list(asked)
        return self._quote(asked, cut=WHOLE if kind == "yes_no" else None)

    def _read(self, asked: Asked) -> "_Ranked":
        """The answers that the passages offer, best first, and the probabilities of those that are
        no other cuts of the same words."""
        passages = asked.found.passages[: self.policy.reads(follows=asked.follows)]
        earlier = earlier_words(asked.question, asked.conversation)
        readings = read(self.reader, asked.text, passages, earlier=earlier)
        readings = statements(asked.text, readings)
        proposals = merge(compare(readings, self.calibration.comparison))
        distinct = non_overlapping(proposals)
        rated = confidences(
            self.calibration, asked.text, proposals, distinct[: ALTERNATIVES + 1], passages
        )
        return _Ranked(passages, readings, proposals, distinct, rated)

    def _quote(self, asked: Asked, *, cut: Cut | None = None) -> Answer:
        """The one quote that answers, or why there is none."""
        ranked = self._read(asked)
        reason = why_not(ranked.passages, ranked.proposals, ranked.confidences, asked.needed)
        others = ranked.others(0 if reason else 1)
        sentence = self._settled(asked, ranked) if cut is WHOLE or (reason and not cut) else None
        if sentence:
            return sentence
        if reason:
            return self._result(
                asked, "none", (), ranked.confidence, reason=reason, alternatives=others
            )
        needed = max(asked.needed, self.calibration.threshold)
        proposals = ranked.proposals
        rivals = competing(self.calibration, asked.text, proposals, needed)
        best = supported(self.calibration, asked.text, proposals, needed)
        if rivals and rivals[0] is not proposals[0]:
            best = rivals[0]
        best = cut(best) if cut else widened(best, whole=not asks_a_name(asked.restated))
        quote = Quote(cite(best), ranked.confidence)
        return self._result(
            asked,
            "quote",
            (quote,),
            ranked.confidence,
            alternatives=others,
            disagreement=as_values(rivals) if rivals else None,
            sources=independent_sources(best),
        )

    def _settled(self, asked: Asked, ranked: "_Ranked") -> Answer | None:
        """The whole sentence that settles a question, if one probably does."""
        found = settling(ranked.readings)
        if found is None or found.confidence < max(asked.needed, SETTLED_FROM):
            return None
        best = widened(Proposal((found.sentence,)), whole=True)
        return self._result(
            asked,
            "quote",
            (Quote(cite(best), found.confidence),),
            found.confidence,
            alternatives=ranked.others(0),
            sources=1,
        )

    def _cell(self, asked: Asked) -> Answer | None:
        """The cell of a table that is asked for, if the articles that were found have one."""
        found = {p.article.id: p.article for p in asked.found.passages if "|" in p.article.text}
        tables = [self.library.whole(article_id) for article_id in found]
        cell = look_up(asked.question, asked.text if asked.follows else "", tables)
        if cell is None or asked.needed > CELL_CONFIDENCE:
            return None
        quote = Quote((Citation(cell.article, cell.row, cell.cell.span),), CELL_CONFIDENCE)
        return self._result(asked, "quote", (quote,), CELL_CONFIDENCE, sources=1)

    def _list(self, asked: Asked) -> Answer:
        """Every item that answers, names or sentences; a single one is a quote."""
        ranked = self._read(asked)
        found = self._named_items(asked, ranked) or [
            (Proposal((one.sentence,)), one.confidence)
            for one in settling_all(ranked.readings)[:MOST_ITEMS]
        ]
        best = max((confidence for _, confidence in found), default=0.0)
        if len(found) < 2 or best < asked.needed:
            return self._quote(asked)
        quotes = tuple(Quote(cite(item), confidence) for item, confidence in found)
        return self._result(asked, "list", quotes, best, sources=1)

    def _named_items(self, asked: Asked, ranked: "_Ranked") -> list[tuple[Proposal, float]]:
        """The names among the best spans, with their confidences; empty unless there are two."""
        if why_not(ranked.passages, ranked.proposals, ranked.confidences, asked.needed):
            return []
        spans = [ranked.proposals[number].best for number in ranked.distinct[:MOST_ITEMS]]
        own = [
            own_confidence(self.calibration, asked.text, span, ranked.proposals) for span in spans
        ]
        least = max(asked.needed, own[0]) * ITEM_SHARE
        kept = [span for span, value in zip(spans, own, strict=True) if value >= least]
        if asks_sentences(kept):
            return []
        found = items(kept, whole=False)
        return (
            [(widened(Proposal((item,))), own[spans.index(source)]) for item, source in found]
            if len(found) > 1
            else []
        )

    def _parts(self, asked: Asked) -> Answer:
        """An answer to each of several questions, or why it has none."""
        texts = parts_of(asked.restated)
        if len(texts) < 2:
            return self._quote(asked)
        answers = [self._part(asked, text) for text in texts]
        quotes = tuple(
            Quote(
                answer.citations,
                answer.confidence,
                text,
                None if answer.answered else answer.reason,
            )
            for text, answer in zip(texts, answers, strict=True)
        )
        given = [answer.confidence for answer in answers if answer.answered]
        if not given:
            best = max(answers, key=lambda answer: answer.confidence)
            return self._result(asked, "none", (), best.confidence, reason=best.reason)
        return self._result(asked, "parts", quotes, min(given), sources=1)

    def _part(self, asked: Asked, text: str) -> Answer:
        own = self.library.search(text, self.policy.passages_read, asked.filters)
        found = interleave(own, asked.found)
        found = replace(found, passages=found.passages[: self.policy.passages_read])
        kind = likely(shipped().probabilities(text))
        part = replace(asked, question=text, text=text, restated=text, found=found, conversation=())
        return self._quote(part, cut=WHOLE if kind == "yes_no" else None)

    def _overview(self, asked: Asked) -> Answer:
        """The key sentences of the articles that it is about."""
        subject = subject_of(asked.restated)
        wide = self.library.search(asked.text, MOST_PASSAGES, asked.filters)
        ids = about(wide.passages, subject)
        if not ids:
            return self._quote(asked)
        if subject is None and len(ids) > MOST_ARTICLES:
            return self._told(asked, "help", self._introduction("library"))
        outlines = [
            Outline(*self.library.whole(one), self.library.sentence_vectors(one)) for one in ids
        ]
        relevance = sentence_relevance(wide.passages) if subject else {}
        quotes = tuple(
            Quote((Citation(key.article, key.paragraph, key.span),), 1.0)
            for key in overview(outlines, relevance)
        )
        if not quotes:
            return self._quote(asked)
        return self._result(asked, "overview", quotes, 1.0, sources=len(ids))

    def _metadata(self, asked: Asked, field: Kind) -> Answer:
        article = asked.found.passages[0].article
        return self._told(asked, "help", replies.metadata(field, article))

    def _introduction(self, kind: Kind) -> str:
        first = self.library.summaries(limit=replies.SHOWN_TITLES).articles
        held = replies.holding(first, self.library.counts().articles)
        if kind == "library":
            return held
        questions = [one.question for one in islice(candidates(self.library), SUGGESTED)]
        told = replies.smalltalk if kind == "smalltalk" else replies.service
        return told(held, questions)

    def _told(self, asked: Asked, kind: AnswerKind, reason: str) -> Answer:
        return self._result(asked, kind, (), 0.0, reason=reason)

    def _result(
        self,
        asked: Asked,
        kind: AnswerKind,
        quotes: tuple[Quote, ...],
        confidence: float,
        *,
        reason: str | None = None,
        alternatives: tuple[Alternative, ...] = (),
        disagreement: tuple[CompetingValue, ...] | None = None,
        sources: int = 0,
    ) -> Answer:
        return Answer(
            question=asked.question,
            confidence=confidence,
            quotes=quotes,
            alternatives=alternatives,
            passages=asked.found.passages[: asked.top_k],
            reason=reason,
            library_revision=asked.found.revision,
            embedder=self.library.embedder,
            reader=self.reader.name,
            understood_as=None if asked.restated == asked.question else asked.restated,
            kind=kind,
            disagreement=disagreement,
            sources=sources,
        )

    def _needed(self, min_confidence: float | None) -> float:
        for value in (min_confidence, self.policy.min_confidence):
            if value is not None:
                return value
        return self.calibration.threshold
