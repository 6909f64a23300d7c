import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Span
from qa.reading.trimming import trimmed


def quote(text: str) -> str | None:
    span = trimmed(text, Span(0, len(text)))
    return span.of(text) if span else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the cat,", "the cat"),
        ("in 2016.", "in 2016"),
        ("(1999", "1999"),
        ("1999)", "1999"),
        ("“Halo", "Halo"),
        ('"Halo', "Halo"),
        ("– gone –", "gone"),
        ("the players’", "the players"),
    ],
)
def test_what_no_person_would_quote_goes(text: str, expected: str) -> None:
    assert quote(text) == expected


@pytest.mark.parametrize(
    "text",
    ["(1999)", "“Halo”", '"Halo" game', "U.S.", "Acme Inc.", "J. R.", "-5 °C", "'90s", "Who?", "€"],
)
def test_what_belongs_to_the_words_stays(text: str) -> None:
    assert quote(text) == text


def test_punctuation_alone_leaves_nothing() -> None:
    assert quote(" (,") is None


def test_the_s_of_the_word_before_goes() -> None:
    assert trimmed("Oslo's 60 ovens", Span(4, 9)) == Span(7, 9)


def test_the_span_keeps_its_place_in_the_text() -> None:
    assert trimmed("He sells (rye).", Span(9, 15)) == Span(9, 14)


@given(st.text("ab1 .,;:()\"'“”-’", min_size=1, max_size=20))
def test_trimming_again_changes_nothing(text: str) -> None:
    once = trimmed(text, Span(0, len(text)))
    assert once is None or trimmed(text, once) == once
