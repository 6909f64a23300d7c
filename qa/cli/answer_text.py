"""An answer as text for people."""

from collections.abc import Sequence

from index.article import Article, Paragraph, Passage
from qa.answering.answer import Alternative, Answer, Citation, CompetingValue
from qa.cli.printing import on_one_line, print_text, shows_emphasis

EMPHASIS = "bold green"

IN_WORDS = (
    (0.95, "almost certainly right"),
    (0.8, "very likely right"),
    (0.6, "likely right"),
    (0.4, "may be right"),
    (0.0, "doubtful"),
)
"""From these confidences on, in these words."""


def in_words(confidence: float) -> str:
    """A confidence in words and percent."""
    words = next(words for least, words in IN_WORDS if confidence >= least)
    return f"{words} ({confidence:.0%})"


def print_answer(answer: Answer) -> None:
    if answer.answered:
        _print_quotes(answer)
    elif answer.kind == "help":
        print_text(answer.reason or "")
    else:
        _print_reason(answer)
    if answer.alternatives:
        print_text()
        print_text(("Other readings", "bold"))
        for alternative in answer.alternatives:
            _print_alternative(alternative)


def _print_quotes(answer: Answer) -> None:
    if answer.understood_as:
        print_text(("Understood as: ", "bold"), on_one_line(answer.understood_as))
    for quote in answer.quotes:
        if quote.question:
            print_text((on_one_line(quote.question), "bold"))
        if quote.reason:
            print_text(f"  {on_one_line(quote.reason)}")
            print_text()
        for citation in quote.citations:
            _print_sentence(citation)
            _print_place(citation)
            print_text()
    if answer.disagreement:
        _print_disagreement(answer.disagreement)
    if answer.sources > 1:
        print_text(f"{answer.sources} independent articles say so.")
    if answer.kind != "overview":
        print_text("Confidence: ", in_words(answer.confidence))


def _print_disagreement(values: Sequence[CompetingValue]) -> None:
    print_text(("The articles disagree", "bold"))
    for value in values:
        dated = f" ({value.published})" if value.published else ""
        citation = value.citations[0]
        print_text(
            f"  {on_one_line(value.text)}{dated}",
            (f"  {_place(citation.article, citation.heading, citation.paragraph)}", "dim"),
        )
    print_text()


def _print_reason(answer: Answer) -> None:
    print_text(("No answer. ", "bold"), answer.reason or "")
    if answer.passages:
        print_text()
        print_text(("Nearest passages", "bold"))
    for passage in answer.passages:
        _print_passage(passage)


def _print_sentence(citation: Citation) -> None:
    """The sentence with the quote in it marked: in colour, or where there is none by asterisks."""
    text, sentence, quote = citation.article.text, citation.sentence, citation.span
    mark = "" if shows_emphasis() else "**"
    print_text(
        text[sentence.start : quote.start],
        (f"{mark}{citation.quote}{mark}", EMPHASIS),
        text[quote.end : sentence.end],
    )


def _print_place(citation: Citation) -> None:
    article = citation.article
    print_text(f"  {_place(article, citation.heading, citation.paragraph)}")
    source = f"{on_one_line(article.source)}, " if article.source else ""
    print_text(
        (f"  {source}characters {citation.span.start}\u2013{citation.span.end}", "dim"),
    )
    if citation.url:
        print_text((f"  {citation.url}", "dim"))


def _print_alternative(alternative: Alternative) -> None:
    citation = alternative.citations[0]
    print_text(
        f"  {alternative.confidence:>4.0%}  {on_one_line(alternative.answer)}",
        (f"  ({_place(citation.article, citation.heading, citation.paragraph)})", "dim"),
    )


def _print_passage(passage: Passage) -> None:
    print_text((f"  {_place(passage.article, passage.heading, passage.paragraph)}", "dim"))
    print_text(f"  {on_one_line(passage.text)}")


def _place(article: Article, heading: str | None, paragraph: Paragraph) -> str:
    under = f" \u203a {on_one_line(heading)}" if heading and heading != article.title else ""
    page = "" if paragraph.page is None else f", page {paragraph.page}"
    return f"{on_one_line(article.title)}{under}{page}, ¶ {paragraph.number}"
