"""From a question to a cited answer: each step on values, and the whole over a library of fakes."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Filters, Heading, Paragraph, Passage, Span, revision_of
from index.errors import QuestionError
from index.ingest.loading import draft_of_text
from index.library import Found
from index.sqlite.library import SQLiteLibrary
from qa.answering.answer import Answer
from qa.answering.answerer import ALTERNATIVES, Answerer, Policy
from qa.answering.cite import cite
from qa.answering.compare import Proposal, compare, merge, sentence_score
from qa.answering.compare import ScoredSpan as Scored
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.answering.conversation import Turn
from qa.answering.decide import evidence, why_not
from qa.answering.question import (
    LONGEST_EARLIER_ANSWER,
    LONGEST_QUESTION,
    MOST_TURNS,
    check_conversation,
    check_question,
)
from qa.answering.read import earlier_words, new_information
from qa.reading.reader import Candidate, Reading
from tests.fakes import FirstWordsReader

EVEN = Calibration(0.0, (0.0,) * len(FEATURES), threshold=0.4, comparison=Comparison(1.0))
"""Every best answer is right with a probability of one half, and given."""

BY_SCORE = replace(EVEN, coefficients=(5.0, *EVEN.coefficients[1:]), intercept=-2.5)


def _passage(text: str, score: float = 1.0, article: str = "a", number: int = 1) -> Passage:
    """A passage that is the whole of its article and one sentence."""
    span = Span(0, len(text))
    return Passage(
        Article(article, "", None, None, text, revision_of(text)),
        Paragraph(number, span, (span,)),
        score,
        (0.0,),
    )


def _reading(passage: Passage, *quotes: tuple[str, float]) -> Reading:
    candidates = (
        Candidate(Span(passage.text.index(quote), passage.text.index(quote) + len(quote)), score)
        for quote, score in quotes
    )
    return Reading(passage, tuple(candidates))


class _Reader:
    """Reads out every sentence-long word of the passages with the scores that it is told."""

    name = "told"

    def __init__(self, **scores: float) -> None:
        self.scores = scores

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        readings = []
        for passage in passages:
            start, text = passage.paragraph.span.start, passage.text
            found = [
                Candidate(Span(start + at, start + at + len(word)), score)
                for word, score in self.scores.items()
                for at in range(len(text))
                if text.startswith(word, at)
            ]
            readings.append(Reading(passage, tuple(found)))
        return readings


def _words(proposals: Sequence[Proposal]) -> list[str]:
    return [proposal.best.words for proposal in proposals]


# The question


@pytest.mark.parametrize("question", ["", " \n\t", "?!", "\u200b", "😀"])
def test_a_question_has_words(question: str) -> None:
    with pytest.raises(QuestionError, match="the question has no words: ask in words") as caught:
        check_question(question)
    assert caught.value.field == "question"


def test_a_question_is_not_over_long() -> None:
    check_question("x" * LONGEST_QUESTION)
    with pytest.raises(QuestionError, match=r"has 1,001 characters, and at most 1,000 .*shorten"):
        check_question("x" * (LONGEST_QUESTION + 1))


def test_a_question_is_unicode() -> None:
    with pytest.raises(QuestionError, match=r"surrogate"):
        check_question("Why \udcff?")


@pytest.mark.parametrize("question", ["Why?", "7", "東京は", "é"])
def test_a_word_or_number_of_any_script_is_a_question(question: str) -> None:
    check_question(question)


# Comparing


def test_candidates_compare_by_their_score_and_their_passages_lead() -> None:
    near, far = _passage("noon one", 3.0), _passage("two", 1.0, "b")
    readings = [_reading(near, ("noon", 0.5), ("one", -2.0)), _reading(far, ("two", 1.0))]
    spans = compare(readings, Comparison(0.5))
    assert [(span.words, span.score, span.rank) for span in spans] == [
        ("noon", 0.5, 1),
        ("two", 1.0 + 0.5 * (1.0 - 3.0), 2),
        ("one", -2.0, 1),
    ]


def test_without_a_passage_weight_only_the_reader_counts() -> None:
    readings = [
        _reading(_passage("noon", 9.0), ("noon", 0.5)),
        _reading(_passage("two", 1.0, "b"), ("two", 0.6)),
    ]
    assert [span.words for span in compare(readings, Comparison(0.0))] == ["two", "noon"]


def test_equal_candidates_come_by_their_passages_rank_and_then_their_place() -> None:
    first, second = _passage("b a"), _passage("c", 1.0, "b")
    readings = [_reading(first, ("a", 1.0), ("b", 1.0)), _reading(second, ("c", 1.0))]
    assert [span.words for span in compare(readings, Comparison(1.0))] == ["b", "a", "c"]


def test_nothing_read_is_nothing_to_compare() -> None:
    assert compare([], Comparison(1.0)) == []
    assert compare([Reading(_passage("Text."), ())], Comparison(1.0)) == []


# Merging


def test_equal_answers_of_several_articles_are_one_with_all_their_places() -> None:
    texts = ["It leaves at Noon.", "At noon!", "at  NOON,", "one"]
    quotes = ["Noon", "noon!", "NOON,", "one"]
    readings = [
        _reading(_passage(text, 1.0, str(number)), (quote, -number))
        for number, (text, quote) in enumerate(zip(texts, quotes, strict=True))
    ]
    noon, one = merge(compare(readings, Comparison(1.0)))
    assert [span.words for span in noon.spans] == ["Noon", "noon!", "NOON,"]
    assert [citation.article.id for citation in cite(noon)] == ["0", "1", "2"]
    assert [citation.quote for citation in cite(noon)] == ["Noon", "noon!", "NOON,"]
    assert _words([one]) == ["one"]


def test_spacing_within_the_words_does_not_part_answers() -> None:
    readings = [
        _reading(_passage("17\nJanuary"), ("17\nJanuary", 1.0)),
        _reading(_passage("( 17  january )", 1.0, "b"), ("( 17  january )", 0.5)),
    ]
    assert len(merge(compare(readings, Comparison(1.0)))) == 1


def test_equal_words_twice_in_a_paragraph_are_cited_once_at_the_better_place() -> None:
    passage = _passage("noon or noon")
    reading = Reading(passage, (Candidate(Span(0, 4), 0.2), Candidate(Span(8, 12), 0.9)))
    (proposal,) = merge(compare([reading], Comparison(1.0)))
    assert [citation.span for citation in cite(proposal)] == [Span(8, 12)]


def test_answers_of_punctuation_alone_are_told_apart() -> None:
    reading = _reading(_passage("... ???"), ("...", 1.0), ("???", 0.5))
    assert _words(merge(compare([reading], Comparison(1.0)))) == ["...", "???"]


@given(st.lists(st.tuples(st.sampled_from(["a", "A", "b", "B.", "c"]), st.floats(-9, 9))))
def test_merging_loses_no_words_and_keeps_the_order_of_the_best(
    quotes: list[tuple[str, float]],
) -> None:
    readings = [
        _reading(_passage(quote, 1.0, str(number)), (quote, score))
        for number, (quote, score) in enumerate(quotes)
    ]
    proposals = merge(compare(readings, Comparison(1.0)))
    assert sum(len(proposal.spans) for proposal in proposals) == len(quotes)
    assert len(proposals) == len({quote.lower().strip(".") for quote, _ in quotes})
    bests = [proposal.best.score for proposal in proposals]
    assert bests == sorted(bests, reverse=True)


# Evidence


def test_evidence_is_of_the_best_place_against_all_others() -> None:
    near, far = _passage("noon one", 3.0), _passage("two noon", 1.0, "b")
    passages = [near, far]
    proposals = merge(
        compare(
            [_reading(near, ("one", 0.25)), _reading(far, ("two", 4.0), ("noon", 1.0))],
            Comparison(1.0),
        )
    )
    assert _words(proposals) == ["two", "one", "noon"]
    two = evidence("When?", proposals, 0, passages)
    assert (two.score, two.margin) == (4.0, 2.0 - 0.25)
    assert (two.passage_score, two.passage_margin) == (1.0, -2.0)
    assert (two.agreement, two.rank) == (1.0, math.log(2))
    noon = evidence("When?", proposals, 2, passages)
    assert (noon.margin, noon.agreement) == (-1.0 - 2.0, 2.0)


def test_an_only_answer_in_an_only_passage_has_no_lead() -> None:
    passage = _passage("noon", 3.0)
    found = evidence(
        "When?",
        merge(compare([_reading(passage, ("noon", 1.0))], Comparison(1.0))),
        0,
        [passage],
    )
    assert (found.margin, found.passage_margin, found.rank) == (0.0, 0.0, 0.0)


def test_the_lead_is_over_answers_elsewhere_not_over_other_cuts_of_the_same_words() -> None:
    passage = _passage("17 January 2026, or so")
    own = (("17 January 2026", 3.0), ("17 January", 2.5), ("January 2026", 2.0))
    alone = merge(compare([_reading(passage, *own)], Comparison(1.0)))
    assert evidence("When?", alone, 0, [passage]).margin == 1.0
    rivals = merge(compare([_reading(passage, *own, ("so", -1.0))], Comparison(1.0)))
    assert evidence("When?", rivals, 0, [passage]).margin == 4.0


def test_names_are_looked_for_in_the_sentence_and_what_it_stands_under() -> None:
    text = "Fares\n\nAnna left in May. Bo stayed at noon."
    paragraph = Paragraph(
        1, Span(7, len(text)), (Span(7, 24), Span(25, len(text))), Heading(Span(0, 5), 1)
    )
    article = replace(_passage(text).article, title="Oban")
    found = Passage(article, paragraph, 1.0, (0.5, 0.75))
    (proposal,) = merge(compare([_reading(found, ("noon", 1.0))], Comparison(1.0)))

    def missing(question: str) -> float:
        return evidence(question, [proposal], 0, [found]).names_missing

    assert missing("When did Bo stay?") == 0
    assert missing("When did Anna stay?") == 1
    assert missing("Which Fares of Oban are for Noon?") == 0
    assert missing("When did Anna stay with Clara in 1990?") == 3


def test_a_candidate_has_the_score_of_the_sentence_it_begins_in() -> None:
    text = "It rains. It snows at noon."
    sentences = (Span(0, 9), Span(10, len(text)))
    paragraph = Paragraph(1, Span(0, len(text)), sentences)
    article = Article("a", "", None, None, text, "sha256:")
    found = Passage(article, paragraph, 1.0, (0.25, 0.75))
    scores = [
        sentence_score(found, _reading(found, (quote, 1.0)).candidates[0])
        for quote in ("rains", "rains. It", "snows", "noon.", " It")
    ]
    assert scores == [0.25, 0.25, 0.75, 0.75, 0.0]
    [span] = compare([_reading(found, ("snows", 1.0))], Comparison(0.0, sentence_weight=2.0))
    assert span.score == 1.0 + 2.0 * 0.75
    assert evidence("When?", merge([span]), 0, [found]).sentence_score == 0.75


# Whether to answer


def _proposal() -> Proposal:
    passage = _passage("noon")
    return Proposal((Scored(passage, Candidate(Span(0, 4), 1.0), 1.0, 1),))


def test_an_answer_as_probable_as_asked_for_is_given() -> None:
    assert why_not([_passage("noon")], [_proposal()], [0.5], 0.5) is None


@pytest.mark.parametrize(
    ("passages", "proposals", "confidences", "reason"),
    [
        ([], [], [], "No article in the library passes the filters, or the library is empty"),
        ([_passage("noon")], [], [], "hold nothing that could answer it"),
        (
            [_passage("noon")],
            [_proposal()],
            [0.42],
            "Closest: “noon” (unlikely, 42 %).",
        ),
    ],
)
def test_a_reason_says_why_there_is_no_answer(
    passages: list[Passage], proposals: list[Proposal], confidences: list[float], reason: str
) -> None:
    assert reason in (why_not(passages, proposals, confidences, 0.5) or "")


# The whole


@pytest.fixture
def answerer(library: SQLiteLibrary) -> Answerer:
    """Answers over two articles that say the same of a ferry, and one of a museum."""
    for source, text in (
        ("1", "the ferry leaves at Noon."),
        ("2", "they say that the ferry leaves at noon, or later."),
        ("3", "the museum opened in 1893. it is red."),
    ):
        library.add(draft_of_text(text, source=source, title="-"))
    return Answerer(library, _Reader(noon=0.9, Noon=0.9, later=0.5, red=0.3), EVEN)


def test_the_answer_is_cited_from_every_article_that_says_it(answerer: Answerer) -> None:
    answer = answerer.ask("When does the ferry leave?")
    assert answer.answered
    assert answer.answer.lower() == "noon"
    assert sorted(citation.quote for citation in answer.citations) == ["Noon", "noon"]
    for citation in answer.citations:
        text = citation.article.text
        assert text[citation.span.start : citation.span.end] == citation.quote
    assert [other.answer for other in answer.alternatives] == ["later", "red"]
    assert (answer.library_revision, answer.embedder, answer.reader) == (
        answerer.library.revision,
        "words",
        "told",
    )


def test_without_an_answer_the_best_reading_is_the_first_alternative(answerer: Answerer) -> None:
    answer = answerer.ask("When does the ferry leave?", min_confidence=0.9)
    assert (answer.answered, answer.citations, answer.confidence) == (False, (), 0.5)
    assert answer.reason
    assert answer.reason.startswith("The articles don't say. Closest: “")
    assert answer.reason.endswith("” (not certain, 50 %).")
    assert answer.alternatives[0].answer.lower() == "noon"
    assert len(answer.passages) == 3


@pytest.mark.parametrize(
    ("needed", "answered"), [(0.0, True), (0.5, True), (0.51, False), (1, False)]
)
def test_the_confidence_to_answer_from_can_be_asked_for(
    answerer: Answerer, needed: float, answered: bool
) -> None:
    assert answerer.ask("When?", min_confidence=needed).answered is answered


def test_what_is_asked_for_overrules_what_is_set_and_that_the_calibration(
    answerer: Answerer,
) -> None:
    strict = Answerer(answerer.library, answerer.reader, EVEN, Policy(min_confidence=0.6))
    assert answerer.ask("When?").answered
    assert not strict.ask("When?").answered
    assert strict.ask("When?", min_confidence=0.0).answered
    assert (
        not Answerer(answerer.library, answerer.reader, replace(EVEN, threshold=0.6))
        .ask("When?")
        .answered
    )


def test_a_confidence_of_zero_asked_for_always_answers_when_there_is_a_candidate(
    answerer: Answerer,
) -> None:
    hopeless = Answerer(answerer.library, answerer.reader, replace(EVEN, intercept=-99.0))
    answer = hopeless.ask("When?", min_confidence=0.0)
    assert (answer.answered, answer.confidence) == (True, 0.0)


def test_nothing_is_answered_from_an_empty_library(library: SQLiteLibrary) -> None:
    answer = Answerer(library, FirstWordsReader(), EVEN).ask("When?")
    assert (answer.answered, answer.confidence, answer.passages) == (False, 0.0, ())
    assert answer.alternatives == ()
    assert answer.reason
    assert "the library is empty" in answer.reason


def test_nothing_is_answered_when_the_reader_finds_nothing(answerer: Answerer) -> None:
    answer = Answerer(answerer.library, _Reader(), EVEN).ask("When?", min_confidence=0.0)
    assert (answer.answered, answer.confidence, answer.alternatives) == (False, 0.0, ())


def test_filters_limit_what_is_read_and_shown(answerer: Answerer) -> None:
    answer = answerer.ask("When does the ferry leave?", filters=Filters(sources=("3",)))
    assert {passage.article.source for passage in answer.passages} == {"3"}
    assert answer.answer == "red"


@pytest.mark.parametrize("top_k", [1, 2, 3])
def test_how_many_passages_are_shown_does_not_change_the_answer(
    answerer: Answerer, top_k: int
) -> None:
    answer = answerer.ask("When does the ferry leave?", top_k=top_k)
    assert len(answer.passages) == top_k
    full = answerer.ask("When does the ferry leave?", top_k=50)
    assert replace(answer, passages=()) == replace(full, passages=())
    assert full.passages[:top_k] == answer.passages


def test_only_the_set_number_of_passages_is_read(answerer: Answerer) -> None:
    one = Answerer(answerer.library, answerer.reader, EVEN, Policy(passages_read=1))
    question = "museum opened 1893 red"
    answer = one.answer(question, one.find(question, top_k=3), top_k=3)
    assert [answer.answer, *(other.answer for other in answer.alternatives)] == ["red"]
    assert len(answer.passages) == 3


def test_another_cut_of_the_answer_is_no_alternative(library: SQLiteLibrary) -> None:
    library.add(draft_of_text("The ferry leaves at noon. The train leaves at one."))
    reader = _Reader(**{"noon": 4, "at noon": 3, "one": 2, "at one": 1})
    for needed, shown in ((0.0, ["one"]), (1.0, ["noon", "one"])):
        answer = Answerer(library, reader, EVEN).ask("When?", min_confidence=needed)
        assert [other.answer for other in answer.alternatives] == shown


def test_few_alternatives_are_shown(library: SQLiteLibrary) -> None:
    library.add(draft_of_text("aa bb cc dd ee ff gg"))
    reader = _Reader(aa=7, bb=6, cc=5, dd=4, ee=3, ff=2)
    for needed in (0.0, 1.0):
        answer = Answerer(library, reader, EVEN).ask("Who was it?", min_confidence=needed)
        assert len(answer.alternatives) == ALTERNATIVES


@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=8),
    st.lists(st.floats(-9, 9), min_size=len(FEATURES), max_size=len(FEATURES)),
)
def test_confidences_never_grow_and_never_exceed_one_together(
    scores: list[float], weights: list[float]
) -> None:
    text = " ".join(f"w{number}" for number in range(len(scores)))
    passage = _passage(text)
    reader = _Reader(**{f"w{number}": score for number, score in enumerate(scores)})
    answerer = Answerer(_Never(), reader, replace(EVEN, coefficients=tuple(weights)))
    answer = answerer.answer("Which?", Found((passage,), "r"), min_confidence=0.0)
    confidences = [answer.confidence, *(other.confidence for other in answer.alternatives)]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert sum(confidences) <= 1 + 1e-9


class _Never(SQLiteLibrary):
    """A library that is only asked for its embedder's name."""

    def __init__(self) -> None:
        pass

    @property
    def embedder(self) -> str:
        return "none"


def test_a_better_reading_is_more_probable(library: SQLiteLibrary) -> None:
    library.add(draft_of_text("noon."))
    confidences = [
        Answerer(library, _Reader(noon=score), BY_SCORE).ask("When?").confidence
        for score in (0.1, 0.4, 0.9)
    ]
    assert confidences == sorted(confidences)
    assert len(set(confidences)) == 3


def test_a_follow_up_is_read_in_its_conversation(answerer: Answerer) -> None:
    answer = answerer.ask("And it?", conversation=[Turn("When does the ferry leave?", "at noon")])

    assert answer.question == "And it?"
    assert answer.understood_as == "About the ferry: it?"
    in_context = "And it? (When does the ferry leave? at noon)"
    assert answer.passages[0] == answerer.find(in_context).passages[0]


def test_for_a_follow_up_the_passages_of_the_question_as_written_are_read_too(
    answerer: Answerer,
) -> None:
    seen: list[list[str]] = []

    class Watching(_Reader):
        def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
            seen.append([passage.text for passage in passages])
            return super().read(question, passages)

    one = Answerer(answerer.library, Watching(), EVEN, Policy(passages_read=1))
    turns = [Turn("When does the ferry leave?", "at noon")]
    answer = one.ask("And where is it?", conversation=turns)

    assert answer.understood_as
    in_context = "And where is it? (When does the ferry leave? at noon)"
    best = [one.find(text).passages[0].text for text in (in_context, "And where is it?")]
    assert best[0] != best[1]
    assert seen == [best]


def test_a_follow_up_is_not_answered_with_what_was_said_before(library: SQLiteLibrary) -> None:
    library.add(draft_of_text("The ferry leaves at noon from Mallaig."))
    answerer = Answerer(library, _Reader(noon=0.9, Mallaig=0.5), BY_SCORE)
    first = answerer.ask("When does the ferry leave?")
    assert first.answer == "noon"

    turns = [Turn(first.question, first.answer)]
    answer = answerer.ask("And where?", conversation=turns, min_confidence=0.0)
    assert answer.answer == "Mallaig"


def test_the_words_of_earlier_turns_count_as_said_before_but_for_those_asked_of_again() -> None:
    turns = [Turn("How did she come?", "By the bus, at noon."), Turn("With whom?", "")]

    assert earlier_words("And was it the ferry or the bus?", turns) == {"come", "noon"}


def test_of_candidates_those_that_say_more_are_kept() -> None:
    passage = _passage("She came at noon, by boat, and he did.")
    reading = _reading(passage, ("noon", 0.9), ("noon, by boat", 0.5), ("he did", 0.1))

    (kept,) = new_information([reading], {"noon", "came"})

    assert kept == replace(reading, candidates=reading.candidates[1:])


def test_a_question_that_stands_alone_is_answered_as_without_a_conversation(
    answerer: Answerer,
) -> None:
    question = "When does the ferry leave?"

    assert answerer.ask(question, conversation=[Turn("Who?", "nobody")]) == answerer.ask(question)


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (Turn("?", ""), "turn 1: the question has no words: ask in words"),
        (Turn("Who?", "\ud800"), "the answer of turn 1 holds a lone surrogate: send it as UTF-8"),
        (
            Turn("Who?", "x" * (LONGEST_EARLIER_ANSWER + 1)),
            "the answer of turn 1 has 10,001 characters, and at most 10,000 are taken: shorten it",
        ),
    ],
    ids=["no words", "no Unicode", "long"],
)
def test_a_turn_that_cannot_have_been_is_refused(turn: Turn, message: str) -> None:
    with pytest.raises(QuestionError, match=message) as refusal:
        check_conversation([turn])

    assert refusal.value.field == "conversation"


def test_a_conversation_of_too_many_turns_is_refused() -> None:
    with pytest.raises(QuestionError, match="has 11 turns, and at most 10 are taken"):
        check_conversation([Turn("Who?", "nobody")] * (MOST_TURNS + 1))


def test_the_same_question_gives_the_same_answer(answerer: Answerer) -> None:
    assert len({repr(answerer.ask("When does it leave?")) for _ in range(3)}) == 1


def test_a_question_without_words_is_refused_before_the_search() -> None:
    with pytest.raises(QuestionError, match="no words"):
        Answerer(_Never(), FirstWordsReader(), EVEN).find("?")


# Copies

STORY = (
    "The harbour master said that the ferry to Skye will leave the old pier at Noon from now on, "
    "because the tide leaves too little water there in the morning, until the spring comes."
)


def _answers(library: SQLiteLibrary, **scores: float) -> Answerer:
    return Answerer(library, _Reader(**scores), EVEN)


def test_the_same_text_under_two_sources_is_one_answer_with_both_citations(
    library: SQLiteLibrary,
) -> None:
    for source in "ab":
        library.add(draft_of_text(STORY, source=source))
    answer = _answers(library, Noon=1.0).ask("When does the ferry leave?")
    assert {citation.article.source for citation in answer.citations} == {"a", "b"}
    assert [citation.quote for citation in answer.citations] == ["Noon", "Noon"]
    assert (len(answer.passages), answer.alternatives) == (1, ())


def test_each_copy_is_cited_at_its_own_place(library: SQLiteLibrary) -> None:
    texts = (STORY, f"Intro.\n\n{STORY.replace('old pier', 'ancient pier')}", "From Skye: " + STORY)
    for source, text in zip("abc", texts, strict=True):
        library.add(draft_of_text(text, title="-", source=source))
    answer = _answers(library, Noon=1.0).ask("When does the ferry leave?")
    places = {one.article.source: one.span.start for one in answer.citations}
    assert places == {s: t.index("Noon") for s, t in zip("abc", texts, strict=True)}
    for citation in answer.citations:
        assert citation.article.text[citation.span.start : citation.span.end] == "Noon"


def test_a_copy_that_says_something_else_there_is_not_cited(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(STORY, title="-", source="a"))
    library.add(draft_of_text(STORY.replace("Noon", "dusk"), title="-", source="b"))
    answer = _answers(library, Noon=1.0).ask("Does the ferry leave at Noon?")
    assert [citation.article.source for citation in answer.citations] == ["a"]


def test_of_words_that_repeat_each_copy_is_cited_at_the_same_ones(library: SQLiteLibrary) -> None:
    text = f"{STORY} The ferry to Mull leaves the new pier at Noon too, but never on a Sunday."
    copy = text.replace("The harbour master said that the", "The")
    library.add(draft_of_text(text, title="-", source="a"))
    library.add(draft_of_text(copy, title="-", source="b"))
    answer = _answers(library, Mull=1.0, Noon=0.5).ask("When does the ferry to Mull leave?")
    second = next(other for other in answer.alternatives if other.answer == "Noon")
    starts = {one.article.source: one.span.start for one in second.citations}
    assert starts in (
        {"a": text.index("Noon"), "b": copy.index("Noon")},
        {"a": text.rindex("Noon"), "b": copy.rindex("Noon")},
    )


def test_copies_do_not_agree(library: SQLiteLibrary) -> None:
    """Ten papers that printed one story say no more than one of them."""
    coefficients = tuple(float(feature == "agreement") for feature in FEATURES)
    calibration = replace(EVEN, coefficients=coefficients, intercept=-1.5)
    confidences = []
    for number in range(10):
        text = STORY.replace("old", ("ancient", "former", "small")[number % 3]) + " " * number
        library.add(draft_of_text(text, title="-", source=f"{number}"))
        answer = Answerer(library, _Reader(Noon=1.0), calibration).ask("When?", min_confidence=0)
        confidences.append(answer.confidence)
        assert len(answer.citations) == number + 1
    assert len(set(confidences)) == 1


# The forms


HARBOUR = (
    "The harbour has two piers. Anna Berg, Ole Dahl and Ida Moe run the ferry.\n\n"
    "The north pier is shut until May. The ferry does not take cars."
)


@pytest.fixture
def harbour(library: SQLiteLibrary) -> Answerer:
    draft = draft_of_text(HARBOUR, "The harbour", "harbour.txt", "2025-03-04")
    library.add(replace(draft, author="Ida Moe"))
    reader = _Reader(**{"Anna Berg": 9.0, "the ferry": 1.0, "take cars": 0.5})
    return Answerer(library, reader, EVEN)


def _given(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def test_several_names_are_a_list_with_a_citation_each(harbour: Answerer) -> None:
    answer = harbour.ask("What are the names of the people who run the ferry?")
    assert (answer.kind, answer.answered) == ("list", True)
    assert _given(answer)[:3] == ["Anna Berg", "Ole Dahl", "Ida Moe"]
    assert answer.answer.startswith("Anna Berg […] Ole Dahl […] Ida Moe")
    assert len(answer.citations) == len(answer.quotes)


def test_each_part_of_a_question_has_its_own_quote(harbour: Answerer) -> None:
    answer = harbour.ask("Who runs the ferry, and how many piers does the harbour have?")
    assert answer.kind == "parts"
    assert [quote.question for quote in answer.quotes] == [
        "Who runs the ferry?",
        "How many piers does the harbour have?",
    ]


def test_parts_of_which_none_is_answered_are_no_answer(harbour: Answerer) -> None:
    question = "Who runs the ferry, and how many piers does the harbour have?"
    answer = harbour.ask(question, min_confidence=0.99)
    assert (answer.kind, answer.answered, answer.quotes) == ("none", False, ())
    assert answer.reason


def test_an_overview_has_key_sentences_in_the_order_of_the_text(harbour: Answerer) -> None:
    answer = harbour.ask("What is this article about?")
    assert answer.kind == "overview"
    assert _given(answer)[0] == "The harbour has two piers."
    assert [HARBOUR.index(one) for one in _given(answer)] == sorted(
        HARBOUR.index(one) for one in _given(answer)
    )


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("hello", "The library holds 1 article: “The harbour”."),
        ("What can you do?", "Nothing is made up"),
        ("Which articles do you have?", "“The harbour”"),
        ("When was this article published?", "“The harbour” is dated 2025-03-04"),
        ("Who is the author of this article?", "written by Ida Moe"),
        ("Write a poem about autumn", "Only questions about the articles are answered"),
        ("Wann fährt die Fähre und wie viel kostet das?", "seems to be in German"),
    ],
)
def test_what_the_articles_are_not_asked_for_is_told(
    harbour: Answerer, question: str, told: str
) -> None:
    answer = harbour.ask(question)
    assert (answer.kind, answer.answered, answer.answer) == ("help", False, "")
    assert told in (answer.reason or "")


def test_gibberish_is_refused_plainly(harbour: Answerer) -> None:
    answer = harbour.ask("qwrtz plkj vbnm")
    assert (answer.kind, answer.answered) == ("none", False)
    assert "no question" in (answer.reason or "")


def test_the_passages_and_the_answer_are_told_as_they_come(harbour: Answerer) -> None:
    told: list[tuple[str, object]] = []
    answer = harbour.ask("Who runs the ferry?", trace=lambda *step: told.append(step))
    assert [name for name, _ in told] == ["search", "read"]
    assert told[1][1] is answer
