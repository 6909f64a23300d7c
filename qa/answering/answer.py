"""Answers and citations, as values that cannot misquote.

A citation holds an article and two places in it; its quote is sliced from the article's text and
so cannot differ from it: ``article.text[start:end] == quote`` holds by construction.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote as percent_encoded

from index.article import Article, Paragraph, Passage, Span

AnswerKind = Literal["quote", "list", "parts", "overview", "help", "none"]
"""``help`` is told in the reason, not quoted; ``none`` is no answer."""

JOINT = " […] "
"""Stands between the quotes of an answer."""

LONGEST_LINKED_QUOTE = 300
"""Characters of a quote that stands whole in a link; of a longer one only the ends do."""

LINKED_WORDS = 8
"""Words at each end of a long quote that stand in the link."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The place of a quote: code points into ``article.text``, end exclusive.

    Raises ``ValueError`` when ``span`` leaves the paragraph or the paragraph leaves the text.
    """

    article: Article
    paragraph: Paragraph
    span: Span

    def __post_init__(self) -> None:
        if not self.paragraph.span.contains(self.span):
            raise ValueError(f"the quote {self.span} leaves its paragraph {self.paragraph.span}")
        if self.paragraph.span.end > len(self.article.text):
            raise ValueError(f"the paragraph {self.paragraph.span} leaves its article")

    @property
    def quote(self) -> str:
        return self.span.of(self.article.text)

    @property
    def sentence(self) -> Span:
        """The sentence that holds the quote, or the stretch of sentences that it touches."""
        touched = [
            sentence
            for sentence in self.paragraph.sentences
            if sentence.start < self.span.end and self.span.start < sentence.end
        ]
        edges = [self.span, *touched]
        return Span(min(edge.start for edge in edges), max(edge.end for edge in edges))

    @property
    def heading(self) -> str | None:
        heading = self.paragraph.heading
        return heading.span.of(self.article.text) if heading else None

    @property
    def url(self) -> str | None:
        """The source's address with a text fragment, when the source is a web page."""
        source = self.article.source
        if source is None or not source.lower().startswith(("http://", "https://")):
            return None
        address = source.partition(":~:")[0]
        anchor = "" if "#" in address else "#"
        return f"{address}{anchor}:~:text={_text_directive(self.quote)}"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the question: its quotes and the probability that it is right."""

    citations: tuple[Citation, ...]
    confidence: float

    @property
    def answer(self) -> str:
        return self.citations[0].quote


@dataclass(frozen=True, slots=True)
class Quote:
    """One piece of an answer: its places, the best first, and the probability that it is right.

    ``question`` is the part of the question that it answers, where there are several; such a part
    may be without an answer and then has a ``reason``.
    """

    citations: tuple[Citation, ...]
    confidence: float
    question: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if bool(self.citations) == bool(self.reason):
            raise ValueError("a quote has either citations or a reason for having none")

    @property
    def text(self) -> str:
        return self.citations[0].quote if self.citations else ""


@dataclass(frozen=True, slots=True)
class CompetingValue:
    """One of several values that do not go together, with its places, the best first."""

    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        return self.citations[0].quote

    @property
    def published(self) -> str | None:
        return self.citations[0].article.published


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the reason why there is none.

    ``confidence`` is the probability that the best reading is right, whether it is given or not.
    ``passages`` are the nearest ones, best first, whether they hold the answer or not.
    ``understood_as`` is how the question was read in its conversation or its spelling mended; None
    when as written. ``disagreement`` holds the competing values, the latest first; ``sources``
    counts the independent articles that say the answer.
    """

    question: str
    confidence: float
    quotes: tuple[Quote, ...]
    alternatives: tuple[Alternative, ...]
    passages: tuple[Passage, ...]
    reason: str | None
    library_revision: str
    embedder: str
    reader: str
    understood_as: str | None = None
    kind: AnswerKind = "quote"
    disagreement: tuple[CompetingValue, ...] | None = None
    sources: int = 0

    def __post_init__(self) -> None:
        if self.answered == bool(self.reason):
            raise ValueError("an answer has either citations or a reason for having none")

    @property
    def answered(self) -> bool:
        return any(quote.citations for quote in self.quotes)

    @property
    def answer(self) -> str:
        return JOINT.join(quote.text for quote in self.quotes if quote.text)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of all quotes, in order."""
        return tuple(citation for quote in self.quotes for citation in quote.citations)


def _text_directive(quote: str) -> str:
    """``textStart`` or ``textStart,textEnd`` of https://wicg.github.io/scroll-to-text-fragment/."""
    words = quote.split()
    if len(quote) <= LONGEST_LINKED_QUOTE or len(words) < 2 * LINKED_WORDS:
        return _encoded(words)
    return f"{_encoded(words[:LINKED_WORDS])},{_encoded(words[-LINKED_WORDS:])}"


def _encoded(words: list[str]) -> str:
    """The words percent-encoded, the ``-`` too, which means something in the directive."""
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
