"""Questions in another language than the articles."""

import pytest

from qa.answering.language import another_language, language_of

ENGLISH = ["The ferry leaves at noon, and the crossing takes an hour in good weather."]
GERMAN = ["Die Fähre fährt um zwölf, und die Überfahrt dauert bei gutem Wetter eine Stunde."]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wann ist die Fähre da?", "German"),
        ("Quand est-ce que le bac part ?", "French"),
        ("¿Cuándo sale el barco y de dónde?", "Spanish"),
        ("When does the ferry leave?", "English"),
        ("ferry noon", None),
        ("", None),
    ],
)
def test_the_small_words_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_question_is_foreign_only_where_no_text_is_in_its_language() -> None:
    assert another_language("Wann ist die Fähre da?", ENGLISH) == "German"
    assert another_language("Wann ist die Fähre da?", [*ENGLISH, *GERMAN]) is None
    assert another_language("When does the ferry leave?", GERMAN) is None
