"""Conversation: whether a question follows, and how it then reads. The searches are made up."""

from collections.abc import Callable

import pytest

from index.article import Article, Paragraph, Passage, Span
from index.library import Found
from qa.answering.conversation import (
    FITTED,
    MOST_CONTENT,
    MOST_LEAD,
    FollowUpFeatures,
    FollowUpWeights,
    Turn,
    follow_up_features,
    in_context,
)
from qa.answering.retrieve import interleave
from qa.answering.understand import understand

ARTICLE = Article("a1", "Harbour", None, None, "The ferry leaves at noon.", "sha256:0")
WON = Turn("Who won the cup?", "Leeds")


def found(*places: tuple[int, float]) -> Found:
    """What a search found: paragraph numbers with their scores, best first."""
    span = Span(0, len(ARTICLE.text))
    passages = (
        Passage(ARTICLE, Paragraph(number, span, (span,)), score, (score,))
        for number, score in places
    )
    return Found(tuple(passages), "r1")


def search_of(as_written: Found, otherwise: Found, question: str) -> Callable[[str, int], Found]:
    return lambda text, depth: as_written if text == question else otherwise


def features(question: str) -> FollowUpFeatures:
    """The features of a question whose searches say nothing."""
    same = found((1, 0.5))
    read = follow_up_features(question, same, same)
    assert read is not None
    return read


def test_without_a_conversation_a_question_is_read_as_written() -> None:
    only = found((1, 0.1))
    asked: list[str] = []

    def search(text: str, depth: int) -> Found:
        asked.append(text)
        return only

    understood = understand("And when?", (), search, 5)

    assert (understood.text, understood.follows) == ("And when?", False)
    assert understood.found is only
    assert asked == ["And when?"]


def test_a_question_that_finds_far_more_in_its_context_follows() -> None:
    better = found((2, 0.6))
    understood = understand(
        "Where was it played?", [WON], search_of(found((1, 0.3)), better, "Where was it played?"), 5
    )

    assert understood.follows
    assert understood.text == "Where was it played? (Who won the cup? Leeds)"
    assert [(p.paragraph.number, p.score) for p in understood.found.passages] == [
        (2, 0.6),
        (1, 0.3),
    ]


def test_both_searches_passages_are_read_in_turn_on_the_scale_of_the_one_in_context() -> None:
    in_context = found((4, 0.6), (1, 0.5), (5, 0.4), (6, 0.3))
    as_written = found((1, 0.9), (2, 0.8), (4, 0.2), (3, 0.1))

    read = interleave(in_context, as_written)

    assert [(p.paragraph.number, p.score) for p in read.passages] == [
        (4, 0.6),
        (1, 0.5),
        (2, 0.3),
        (5, 0.4),
        (6, 0.3),
        (3, 0.1),
    ]


@pytest.mark.parametrize("shared", range(5))
def test_no_passage_of_a_follow_up_falls_below_twice_its_rank_as_written(shared: int) -> None:
    as_written = found(*((number, 0.5) for number in range(1, 9)))
    in_context = found(*((number, 0.9) for number in range(9 - shared, 17 - shared)))

    ranks = {
        p.paragraph.number: i for i, p in enumerate(interleave(in_context, as_written).passages)
    }

    for rank, passage in enumerate(as_written.passages):
        assert ranks[passage.paragraph.number] <= 2 * rank + 1


def test_a_question_that_finds_more_as_written_stands_alone() -> None:
    question = "Which harbour does the ferry to Skye leave from?"
    as_written = found((1, 0.7), (2, 0.3))
    understood = understand(question, [WON], search_of(as_written, found((2, 0.5)), question), 5)

    assert (understood.text, understood.follows) == (question, False)
    assert understood.found is as_written


def test_a_pronoun_alone_does_not_make_a_question_follow() -> None:
    question = "Where does he keep the boats of the fishing fleet?"
    searches = search_of(found((1, 0.7), (2, 0.3)), found((2, 0.5)), question)

    assert not understand(question, [WON], searches, 5).follows


def test_where_nothing_is_found_a_question_is_read_as_written() -> None:
    nothing = found()

    assert not understand("Why?", [WON], lambda *_: nothing, 5).follows


@pytest.mark.parametrize(
    ("question", "pronoun"),
    [
        ("Where was it played?", True),
        ("Who was his father?", True),
        ("Why is that?", True),
        ("What happened after this?", True),
        ("What did he do there?", True),
        ("Who lived in this house?", True),
        ("Which harbour is near?", False),
        ("Who said that the ferry was late?", False),
        ("When Ada Hill died, what did she leave?", False),
        ("In 1893 who ran it?", False),
    ],
)
def test_a_pronoun_counts_when_no_name_or_number_before_it_explains_it(
    question: str, pronoun: bool
) -> None:
    assert features(question).pronoun == pronoun


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("And in Leeds?", True),
        ("What about Leeds?", True),
        ("But why?", True),
        ("What is about to happen?", False),
        ("Who was Andrew?", False),
    ],
)
def test_some_words_open_a_continuation(question: str, opening: bool) -> None:
    assert features(question).opening == opening


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("Why?", 0),
        ("What did they do there?", 0),
        ("When did the ferry sail?", 2),
        ("Which big old red wooden fishing boats sank first in Leith?", MOST_CONTENT),
    ],
)
def test_the_words_that_say_what_about_are_counted(question: str, content: int) -> None:
    assert features(question).content == content


def test_the_gain_is_what_the_best_passage_scores_more_in_context() -> None:
    read = follow_up_features("Why?", found((1, 0.25)), found((2, 0.75)))

    assert read is not None
    assert read.gain == 0.5


@pytest.mark.parametrize(
    ("as_written", "lead"),
    [
        (found((1, 0.5), (2, 0.375)), 0.125),
        (found((2, 0.5), (1, 0.375)), 0.0),
        (found((1, 0.5), (3, 0.375)), 0.125),
        (found((1, 0.75), (2, 0.125)), MOST_LEAD),
    ],
    ids=["found lower", "found first", "not found", "capped"],
)
def test_the_lead_is_over_the_passage_that_is_best_in_context(
    as_written: Found, lead: float
) -> None:
    read = follow_up_features("Why?", as_written, found((2, 0.75)))

    assert read is not None
    assert read.lead == lead


def test_the_weights_make_a_probability() -> None:
    weights = FollowUpWeights(
        -1.0, FollowUpFeatures(gain=2.0, lead=0.0, pronoun=0.0, opening=0.0, content=0.0)
    )

    assert weights.probability(FollowUpFeatures(0.5, 0.2, 1.0, 1.0, 3.0)) == 0.5


def test_a_gain_and_a_pronoun_speak_for_following_and_content_words_against() -> None:
    nothing = FollowUpFeatures(0.0, 0.0, 0.0, 0.0, 0.0)
    base = FITTED.probability(nothing)

    assert FITTED.probability(FollowUpFeatures(0.1, 0.0, 0.0, 0.0, 0.0)) > base
    assert FITTED.probability(FollowUpFeatures(0.0, 0.1, 0.0, 0.0, 0.0)) < base
    assert FITTED.probability(FollowUpFeatures(0.0, 0.0, 1.0, 0.0, 0.0)) > base
    assert FITTED.probability(FollowUpFeatures(0.0, 0.0, 0.0, 1.0, 0.0)) > base
    assert FITTED.probability(FollowUpFeatures(0.0, 0.0, 0.0, 0.0, 3.0)) < base


@pytest.mark.parametrize(
    ("question", "previous", "read"),
    [
        ("Why?", "When did the ferry stop?", "Why did the ferry stop?"),
        ("And where?", "When was Ada Hill born?", "Where was Ada Hill born?"),
        ("Why?", "Who stopped the ferry?", "Why? (Who stopped the ferry? yes)"),
        ("When?", "How long did it last?", "When? (How long did it last? yes)"),
        ("Since when?", "Where is the ferry?", "Since when? (Where is the ferry? yes)"),
    ],
)
def test_a_lone_question_word_takes_the_place_of_the_one_before_where_it_can(
    question: str, previous: str, read: str
) -> None:
    assert in_context(question, [Turn(previous, "yes")]) == read


def test_a_turn_that_goes_on_from_another_brings_that_one_along() -> None:
    turns = [
        Turn("Who built the pier?", "Ada Hill"),
        Turn("Who won the cup?", "Leeds"),
        Turn("And when?", "in 1893"),
    ]

    assert in_context("Where was it?", turns) == (
        "Where was it? (Who won the cup? Leeds And when? in 1893)"
    )


def test_a_bare_question_word_takes_its_place_in_the_last_question_that_stands_alone() -> None:
    turns = [
        Turn("Who built the pier?", "Ada Hill"),
        Turn("Where was the cup shown?", "in Leeds"),
        Turn("And when?", "in 1893"),
    ]

    assert in_context("Why?", turns) == "Why was the cup shown?"


def test_the_first_turn_goes_on_from_none_however_short_it_is() -> None:
    turns = [Turn("What is it?", "a pier"), Turn("And when?", "in 1893")]

    assert in_context("Why?", turns) == "Why? (What is it? a pier And when? in 1893)"


def test_only_the_last_turn_is_brought_along_when_it_stands_alone() -> None:
    turns = [Turn("Who built the pier?", "Ada Hill"), WON]

    assert in_context("Where was it?", turns) == "Where was it? (Who won the cup? Leeds)"


def test_a_long_answer_is_not_repeated() -> None:
    turn = Turn("Who won the cup?", "It was " + "won " * 20)

    assert in_context("Where was it?", [turn]) == "Where was it? (Who won the cup?)"
