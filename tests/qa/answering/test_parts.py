"""Several questions in one, told apart."""

import pytest

from qa.answering.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was the pier built, and who paid for it?",
            ["When was the pier built?", "Who paid for it?"],
        ),
        (
            "Who chaired the meeting, where was it, and how long did it last?",
            ["Who chaired the meeting?", "Where was it?", "How long did it last?"],
        ),
        ("When and where was she born?", ["When was she born?", "Where was she born?"]),
        (
            "What does it cost and is there a discount for pupils?",
            ["What does it cost?", "Is there a discount for pupils?"],
        ),
        (
            "The lift is broken. Who repairs it and when does he come?",
            ["The lift is broken?", "Who repairs it?", "When does he come?"],
        ),
    ],
)
def test_each_part_can_be_asked_alone(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the town of Where?",
        "Which members of the band and the choir were present?",
        "Why did salt and sugar get dearer?",
        "?",
        "and",
    ],
)
def test_a_single_question_stays_whole(question: str) -> None:
    assert parts_of(question) == [question]
