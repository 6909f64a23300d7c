"""Answers and citations that cannot misquote."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Heading, Paragraph, Span, revision_of
from qa.answering.answer import (
    LINKED_WORDS,
    LONGEST_LINKED_QUOTE,
    Alternative,
    Answer,
    Citation,
    Quote,
)


def _article(text: str, source: str | None = None) -> Article:
    return Article("id", "Title", source, None, text, revision_of(text))


def _citation(quote: str, source: str | None = None) -> Citation:
    """A citation of the whole of an article."""
    span = Span(0, len(quote))
    return Citation(_article(quote, source), Paragraph(1, span, (span,)), span)


NOT_ANSWERED = Answer("Why?", 0.1, (), (), (), "The articles don't say.", "r", "e", "s")


@st.composite
def _cited(draw: st.DrawFn) -> tuple[str, Span, Span]:
    """A text, a paragraph in it and any span, which may leave the paragraph."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    edges = st.integers(0, len(text))
    spans = st.tuples(edges, edges).filter(lambda e: e[0] < e[1]).map(lambda e: Span(*e))
    return text, draw(spans), draw(spans)


@given(_cited())
def test_a_quote_is_the_articles_text_at_its_offsets_or_there_is_no_citation(
    cited: tuple[str, Span, Span],
) -> None:
    text, whole, span = cited
    paragraph = Paragraph(1, whole, (whole,))
    if whole.start <= span.start and span.end <= whole.end:
        assert Citation(_article(text), paragraph, span).quote == text[span.start : span.end]
    else:
        with pytest.raises(ValueError, match="leaves its paragraph"):
            Citation(_article(text), paragraph, span)


def test_a_paragraph_of_another_text_cannot_be_cited() -> None:
    with pytest.raises(ValueError, match="leaves its article"):
        Citation(_article("Short."), Paragraph(1, Span(0, 9), (Span(0, 9),)), Span(0, 3))


def test_a_quote_is_shown_in_its_sentence() -> None:
    text = "One. Two two. Three."
    paragraph = Paragraph(1, Span(0, 20), (Span(0, 4), Span(5, 13), Span(14, 20)))
    assert Citation(_article(text), paragraph, Span(5, 8)).sentence == Span(5, 13)


def test_a_quote_over_two_sentences_is_shown_in_both() -> None:
    text = "One. Two two. Three."
    paragraph = Paragraph(1, Span(0, 20), (Span(0, 4), Span(5, 13), Span(14, 20)))
    assert Citation(_article(text), paragraph, Span(9, 19)).sentence == Span(5, 20)


def test_a_quote_that_starts_between_sentences_is_shown_whole() -> None:
    text = "One.  Two."
    paragraph = Paragraph(1, Span(0, 10), (Span(0, 4), Span(6, 10)))
    assert Citation(_article(text), paragraph, Span(5, 9)).sentence == Span(5, 10)


def test_a_citation_names_the_heading_above_it() -> None:
    text = "Head\n\nText."
    under = Paragraph(1, Span(6, 11), (Span(6, 11),), Heading(Span(0, 4)))
    citation = Citation(_article(text), under, Span(6, 10))
    assert citation.heading == "Head"
    assert replace(citation, paragraph=replace(under, heading=None)).heading is None


# Links


@pytest.mark.parametrize("source", [None, "seeds/a.txt", "ftp://a.example", "httpx://a.example"])
def test_only_a_web_page_is_linked(source: str | None) -> None:
    assert _citation("Quote.", source).url is None


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("January 17, 2026", "January%2017%2C%202026"),
        ("well-known", "well%2Dknown"),
        ("R&D, 50%", "R%26D%2C%2050%25"),
        ("two\n  lines", "two%20lines"),
        ("Élan 😀", "%C3%89lan%20%F0%9F%98%80"),
        ("a/b?c#d:e", "a%2Fb%3Fc%23d%3Ae"),
    ],
)
def test_the_text_fragment_is_percent_encoded(quote: str, directive: str) -> None:
    citation = _citation(quote, "https://a.example/page?x=1")
    assert citation.url == f"https://a.example/page?x=1#:~:text={directive}"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("http://a.example", "http://a.example#"),
        ("HTTPS://A.example", "HTTPS://A.example#"),
        ("https://a.example/#part", "https://a.example/#part"),
        ("https://a.example/#:~:text=old", "https://a.example/#"),
        ("https://a.example/#part:~:text=old", "https://a.example/#part"),
    ],
)
def test_the_pages_own_anchor_is_kept_and_an_old_text_fragment_replaced(
    source: str, address: str
) -> None:
    assert _citation("Quote.", source).url == f"{address}:~:text=Quote."


def test_a_long_quote_is_linked_by_its_first_and_last_words() -> None:
    words = [f"word{number}" for number in range(100)]
    start = "%20".join(words[:LINKED_WORDS])
    end = "%20".join(words[-LINKED_WORDS:])
    url = _citation(" ".join(words), "https://a.example").url
    assert url == f"https://a.example#:~:text={start},{end}"


@pytest.mark.parametrize(
    "quote", ["a " * (LONGEST_LINKED_QUOTE // 2), "東京" * LONGEST_LINKED_QUOTE]
)
def test_a_quote_that_is_short_or_of_few_words_is_linked_whole(quote: str) -> None:
    url = _citation(quote, "https://a.example").url
    assert url
    assert "," not in url


# Answers


def test_an_answer_is_its_best_citations_quote() -> None:
    citations = (_citation("Noon."), _citation("noon"))
    answer = replace(NOT_ANSWERED, quotes=(Quote(citations, 0.1),), reason=None)
    assert (answer.answered, answer.answer) == (True, "Noon.")
    assert Alternative(citations, 0.2).answer == "Noon."


def test_no_answer_is_empty_and_has_a_reason() -> None:
    assert (NOT_ANSWERED.answered, NOT_ANSWERED.answer) == (False, "")


@pytest.mark.parametrize("reason", [None, ""])
def test_no_answer_without_a_reason(reason: str | None) -> None:
    with pytest.raises(ValueError, match="either citations or a reason"):
        replace(NOT_ANSWERED, reason=reason)


def test_no_answer_with_both_a_citation_and_a_reason_for_none() -> None:
    with pytest.raises(ValueError, match="either citations or a reason"):
        replace(NOT_ANSWERED, quotes=(Quote((_citation("Noon."),), 0.1),))
