"""Which words of a text ask something."""

import pytest

from index.questions import interrogative, questions_in


@pytest.mark.parametrize(
    "text",
    [
        "Where is the key kept?",
        "**Where is the key kept?**",
        "Q: where the key is kept",
        "> When do you open?",
        "Reporter: And who pays for it?",
        "“Who pays?”",
        "3. Who pays?",
        "Who pays? (asked twice)",
        "Really?!",
        "How many rooms does the inn have",
        "Is the inn open on Sundays",
        "鍵はどこですか？",
        "¿Dónde está la llave?",
    ],
)
def test_a_question_is_one_in_whatever_marks(text: str) -> None:
    assert interrogative(text)


@pytest.mark.parametrize(
    "text",
    [
        "“Who pays?” she asked.",
        "He asked where the key was.",
        "How to reach the inn",
        "What it costs",
        "When the bell rings, all leave.",
        "Will Tarn runs the inn",
        "A: in the desk.",
        "Who knows? Nobody does.",
        "",
        "???",
    ],
)
def test_a_statement_is_none(text: str) -> None:
    assert not interrogative(text)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who pays? The county does. When? In May.", ["Who pays?", "When?"]),
        ("Ida said: “When does it open?” and left.", ["When does it open?"]),
        ("Q: how much\n12 crowns", ["Q: how much"]),
        ("It costs 12 crowns.", []),
    ],
)
def test_questions_are_found_where_they_stand(text: str, questions: list[str]) -> None:
    assert [span.of("  " + text) for span in questions_in(text, start=2)] == questions
