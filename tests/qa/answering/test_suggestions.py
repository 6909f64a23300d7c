"""Suggestions: sentences turned into questions, and only those kept that are answered."""

from collections.abc import Sequence

import pytest

from index.article import Passage
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.answering.suggestions import (
    MOST_ASKED,
    SUGGESTED,
    Suggestions,
    candidates,
    suggest,
    turned_round,
)
from qa.reading.reader import Candidate, Reading

SURE = Calibration(9.0, tuple(0.0 for _ in FEATURES), threshold=0.5, comparison=Comparison(1.0))
UNSURE = Calibration(-9.0, tuple(0.0 for _ in FEATURES), threshold=1.0, comparison=Comparison(1.0))

HARBOUR = (
    "The harbour council has ordered a new ferry. It is blue.\n\n"
    "They like the sea.\n\n"
    "The harbour master of Skye is expected to close the old pier.\n\n"
    "Lighthouse keepers could see the storm."
)
MUSEUM = "The Bath museum was opened in 1893. The Bath museum has bought a famous painting."


class OnePassageReader:
    """Takes all of one passage for the answer; counts how often it is asked."""

    name = "one-passage"

    def __init__(self, place: int = 0) -> None:
        self.place = place
        self.count = 0

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.count += 1
        chosen = passages[self.place]
        return [
            Reading(passage, (Candidate(passage.paragraph.span, 1.0),) if passage is chosen else ())
            for passage in passages
        ]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Harvard Stadium was built in 1903.", "When was Harvard Stadium built?"),
        ("The peace talks, which began on January 17, go on.", "When did the peace talks begin?"),
        ("Nikola Tesla died on 7 January 1943.", "When did Nikola Tesla die?"),
        (
            "The harbour council is seeking to buy a ferry.",
            "What is the harbour council seeking to do?",
        ),
        ("The old mayor hopes to win.", "What does the old mayor hope to do?"),
        ("Fishing boats threaten to leave.", "What do Fishing boats threaten to do?"),
        ("Skye Ferries could greatly help the town.", "What could Skye Ferries help?"),
        ("Russian forces have launched an offensive.", "What have Russian forces launched?"),
        ("Ada Hill is known as a founder.", "What is Ada Hill known as?"),
        ("Bath Museum is located in the old town.", "Where is Bath Museum located?"),
        ("The Bath museum is one of the oldest.", "What is the Bath museum?"),
        ("In 1893, the harbour council has sold a pier.", "What has the harbour council sold?"),
    ],
)
def test_a_sentence_is_turned_into_the_question_that_it_answers(
    sentence: str, question: str
) -> None:
    assert turned_round(sentence, sentence) == question


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry leaves at noon.",
        "They are expected to win.",
        "The city has built a pier.",
        "These attacks threaten to cause blackouts.",
        "Her brother was killed in 1943.",
        "People who fish could see a storm.",
        "The very long and quite unreadable name of the old pier could see a storm.",
        "The museum, once a school, was opened in 1893.",
    ],
)
def test_a_sentence_that_would_make_an_unclear_question_makes_none(sentence: str) -> None:
    assert turned_round(sentence, sentence) is None


def test_what_points_back_does_not_in_the_question() -> None:
    sentence = "The failure of these discussions could influence the war."

    assert (
        turned_round(sentence, sentence) == "What could the failure of the discussions influence?"
    )


def test_a_word_that_the_article_writes_small_is_small_in_the_question() -> None:
    text = "Lighthouse keepers could see the storm. A lighthouse stands there."

    assert turned_round("Lighthouse keepers could see the storm.", text) == (
        "What could lighthouse keepers see?"
    )


def test_articles_and_their_paragraphs_take_turns(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(HARBOUR, title="Harbour"))
    library.add(draft_of_text(MUSEUM, title="Museum"))

    assert [(c.article.title, c.question) for c in candidates(library)] == [
        ("Harbour", "What has the harbour council ordered?"),
        ("Museum", "When was the Bath museum opened?"),
        ("Harbour", "What is the harbour master of Skye expected to do?"),
        ("Museum", "What has the Bath museum bought?"),
        ("Harbour", "What could Lighthouse keepers see?"),
    ]


def test_the_same_question_is_tried_once(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(MUSEUM, title="Museum", source="a"))
    library.add(draft_of_text(MUSEUM, title="Museum", source="b"))

    assert len(list(candidates(library))) == 2


def test_three_questions_are_suggested(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(HARBOUR, title="Harbour"))
    library.add(draft_of_text(MUSEUM, title="Museum"))

    questions = suggest(Answerer(library, OnePassageReader(), SURE))

    assert len(questions) == SUGGESTED
    assert questions == suggest(Answerer(library, OnePassageReader(), SURE))


def test_a_question_that_is_not_answered_is_not_suggested(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(HARBOUR, title="Harbour"))

    assert suggest(Answerer(library, OnePassageReader(), UNSURE)) == ()


def test_a_question_that_is_answered_from_elsewhere_is_not_suggested(
    library: SQLiteLibrary,
) -> None:
    library.add(draft_of_text(HARBOUR, title="Harbour"))

    assert suggest(Answerer(library, OnePassageReader(-1), SURE)) == ()


def test_an_empty_library_suggests_nothing(library: SQLiteLibrary) -> None:
    assert suggest(Answerer(library, OnePassageReader(), SURE)) == ()


def test_only_so_many_questions_are_tried(library: SQLiteLibrary) -> None:
    for number in range(MOST_ASKED + 3):
        text = f"The town council of Port {number} has built a pier."
        library.add(draft_of_text(text, title=f"Port {number}"))
    asked = OnePassageReader()

    assert suggest(Answerer(library, asked, UNSURE)) == ()
    assert asked.count == MOST_ASKED


def test_suggestions_are_kept_until_the_library_changes(library: SQLiteLibrary) -> None:
    library.add(draft_of_text(MUSEUM, title="Museum"))
    reader = OnePassageReader()
    answerer, suggestions = Answerer(library, reader, SURE), Suggestions()

    first = suggestions.of(answerer)
    once = reader.count
    assert suggestions.of(answerer) == first
    assert reader.count == once

    library.add(draft_of_text(HARBOUR, title="Harbour"))
    assert suggestions.of(answerer) != first
