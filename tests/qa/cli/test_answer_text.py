"""An answer as text for people."""

import pytest

from index.article import Article, Heading, Paragraph, Span, revision_of
from qa.answering.answer import Answer, Citation, Quote
from qa.cli.answer_text import in_words, print_answer


def answer_from(
    text: str, quote: str, source: str | None, heading: Heading | None = None
) -> Answer:
    article = Article("1", "A\ntitle", source, None, text, revision_of(text))
    whole = Span(heading.span.end if heading else 0, len(text))
    start = text.index(quote)
    paragraph = Paragraph(1, whole, (whole,), heading)
    citation = Citation(article, paragraph, Span(start, start + len(quote)))
    return Answer("?", 0.97, (Quote((citation,), 0.97),), (), (), None, "0", "e", "r")


def test_a_web_page_is_cited_with_the_address_of_the_quote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_from("It was in May.", "May", "https://news.example/1"))
    assert "  https://news.example/1#:~:text=May\n" in capsys.readouterr().out


def test_an_article_without_a_source_is_cited_by_title_and_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_from("It was in May.", "May", None))
    assert capsys.readouterr().out == (
        "It was in **May**.\n  A title, ¶ 1\n  characters 10–13\n\n"
        "Confidence: almost certainly right (97%)\n"
    )


def test_the_heading_over_the_paragraph_is_part_of_the_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_from("Spring\nIt was in May.", "May", None, Heading(Span(0, 6))))
    assert "  A title › Spring, ¶ 1\n" in capsys.readouterr().out


def test_on_a_terminal_the_quote_is_marked_by_its_style(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    print_answer(answer_from("It was in May.", "May", None))
    assert "It was in \x1b[1;32mMay\x1b[0m." in capsys.readouterr().out


def test_an_article_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(answer_from("It was in \x1b[2JMay\x07.", "May", "a\x1b]0;owned.txt"))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\x07" not in printed
    assert "It was in \ufffd[2J**May**\ufffd." in printed


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "almost certainly right (100%)"),
        (0.95, "almost certainly right (95%)"),
        (0.8, "very likely right (80%)"),
        (0.6, "likely right (60%)"),
        (0.4, "may be right (40%)"),
        (0.0, "doubtful (0%)"),
    ],
)
def test_confidence_in_words_and_percent(confidence: float, words: str) -> None:
    assert in_words(confidence) == words
