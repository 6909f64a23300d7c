"""Aligning: a quote's place in a copy of its paragraph, or none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.alignment import Place, aligned
from index.article import Span

STORY = "The ferry leaves at noon. It is called Élan, and the ferry to Skye leaves at dusk."


def _place(paragraph: str, before: str = "") -> Place:
    return Place(before + paragraph, Span(len(before), len(before) + len(paragraph)))


def _quote(words: str, paragraph: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = paragraph.index(words, start + 1)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("words", "nth", "copy", "expected"),
    [
        ("noon", 0, STORY, 20),
        ("ferry", 1, STORY, 53),
        ("ferry", 1, "Update: " + STORY, 61),
        ("ferry", 1, STORY.replace("The ferry leaves at noon. ", ""), 27),
        ("ferry", 0, STORY.replace("The ferry leaves at noon. ", ""), None),
        ("leaves at dusk", 0, STORY.replace("leaves at noon", "departs at dusk"), 68),
        ("noon", 0, STORY.replace("noon", "nine"), None),
        ("at noon", 0, STORY.replace("at noon", "at about noon"), None),
        ("Élan", 0, STORY.replace("Élan", "ÉLAN"), 39),
        ("at noon. It is", 0, STORY.replace(" It", "\n  It"), 17),
        (STORY, 0, STORY.replace("dusk", "nine"), None),
        ("dusk", 0, "Other words, but dusk.", None),
    ],
)
def test_the_place_is_that_of_the_same_words_in_the_same_place(
    words: str, nth: int, copy: str, expected: int | None
) -> None:
    quote = _quote(words, STORY, nth)
    before = "Before. 😀 "
    found = aligned(quote.moved(3), _place(STORY, "abc"), _place(copy, before))
    if expected is None:
        assert found is None
    else:
        assert found
        assert found.start - len(before) == expected
        spelled = " ".join(found.of(before + copy).split())
        assert spelled.casefold() == words.casefold()


def test_a_part_of_a_word_is_the_same_part_of_the_same_word() -> None:
    quote = _quote("err", STORY, 1)
    copy = "Update: " + STORY
    assert aligned(quote, _place(STORY), _place(copy)) == quote.moved(len("Update: "))


def test_what_is_not_a_word_has_no_place() -> None:
    assert aligned(Span(3, 4), _place(STORY), _place(STORY + " More.")) is None


def test_paragraphs_that_would_take_long_have_no_place_for_it() -> None:
    started = time.perf_counter()
    one, other = _place("a " * 50_000 + "noon"), _place("a " * 50_000 + "b noon")
    assert aligned(Span(100_000, 100_004), one, other) is None
    assert time.perf_counter() - started < 5


WORDS = st.lists(st.sampled_from("the ferry leaves at noon . , Skye".split()), min_size=1)


@given(WORDS, WORDS, st.data())
def test_whatever_is_found_has_the_same_words(
    own: list[str], other: list[str], data: st.DataObject
) -> None:
    text, copy = " ".join(own), " ".join(other)
    start = data.draw(st.integers(0, len(text) - 1))
    quote = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = aligned(quote, _place(text), _place(copy))
    if found:
        assert found.of(copy).split() == quote.of(text).split()
