"""Articles and their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import (
    Article,
    Draft,
    Heading,
    Paragraph,
    Passage,
    Span,
    id_of,
    revision_of,
)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2)])
def test_a_span_is_never_empty_nor_before_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"must be 0 <= start < end, not {start}:{end}"):
        Span(start, end)


def test_a_span_counts_code_points() -> None:
    """Not UTF-16 units, of which the emoji has two, nor bytes, of which it has four."""
    assert Span(1, 2).of("a😀b") == "😀"


@given(st.text(min_size=1), st.data())
def test_a_moved_span_holds_the_same_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    before = data.draw(st.text())
    assert span.moved(len(before)).of(before + text) == span.of(text)


def test_a_span_contains_itself_and_what_lies_within_but_not_what_sticks_out() -> None:
    span = Span(2, 6)
    assert all(span.contains(inner) for inner in (span, Span(2, 3), Span(5, 6)))
    assert not any(span.contains(outer) for outer in (Span(1, 3), Span(5, 7), Span(6, 7)))


def test_a_revision_is_the_sha256_of_the_text_in_utf8() -> None:
    assert revision_of("é") == (
        "sha256:4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    )


def test_an_id_is_that_of_the_source_whatever_the_text() -> None:
    first, second = (Draft(text, (), source="a.txt") for text in ("One.", "Two."))
    assert id_of(first) == id_of(second)
    assert len(id_of(first)) == 16


def test_an_id_without_a_source_is_that_of_the_text() -> None:
    assert id_of(Draft("One.", ())) == id_of(Draft("One.", (), title="Other"))
    assert id_of(Draft("One.", ())) != id_of(Draft("Two.", ()))


def test_a_text_that_reads_like_a_source_has_another_id() -> None:
    assert id_of(Draft("a.txt", ())) != id_of(Draft("x", (), source="a.txt"))


def test_a_passage_shows_its_paragraph_and_heading() -> None:
    text = "Travel\n\nThe ferry leaves."
    article = Article("1", "", None, None, text, revision_of(text))
    paragraph = Paragraph(1, Span(8, 25), (Span(8, 25),), Heading(Span(0, 6)))
    passage = Passage(article, paragraph, 1.0, (1.0,))
    assert (passage.heading, passage.text) == ("Travel", "The ferry leaves.")


def test_a_passage_may_stand_under_no_heading() -> None:
    article = Article("1", "", None, None, "Text.", revision_of("Text."))
    assert Passage(article, Paragraph(1, Span(0, 5), (Span(0, 5),)), 1.0, (1.0,)).heading is None
