"""Articles and their parts. All offsets are code points into ``Article.text``, end exclusive."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: ``text[start:end]``, never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span must be 0 <= start < end, not {self.start}:{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def moved(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: kept and shown, attached to the paragraphs under it, never an answer."""

    span: Span
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its sentences in order, and the heading it stands under, if any.

    ``number`` counts from 1 in reading order; headings are not counted. ``page`` is the page on
    which it begins, from 1, where the format has pages.
    """

    number: int
    span: Span
    sentences: tuple[Span, ...]
    heading: Heading | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a loader makes of a file: a text with its structure, not yet in a library.

    ``text`` is the text as it was taken in; every span lies in it. ``source`` identifies the
    article: taking in another text under the same source replaces it.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...] = ()
    title: str = ""
    source: str | None = None
    published: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()

    @classmethod
    def from_article(cls, article: "Article", structure: "Structure") -> "Draft":
        """The draft that gave an article: ingested again, it gives the same one."""
        return cls(
            article.text,
            structure.paragraphs,
            structure.headings,
            article.title,
            article.source,
            article.published,
            article.author,
            article.tags,
        )

    def validate(self) -> None:
        """Raises ``ValueError`` unless all parts lie in the text, in order and without overlap."""
        if not self.paragraphs:
            raise ValueError("it has no paragraphs")
        own = [paragraph.span for paragraph in self.paragraphs]
        headings = set(self.headings)
        whole = sorted([*own, *(heading.span for heading in self.headings)])
        _validate_order("a paragraph or heading", whole, 0, len(self.text))
        _validate_order("a paragraph", own, 0, len(self.text))
        for number, paragraph in enumerate(self.paragraphs, 1):
            if paragraph.number != number:
                raise ValueError(f"paragraph {number} has the number {paragraph.number}")
            if not paragraph.sentences:
                raise ValueError(f"paragraph {number} has no sentences")
            within = paragraph.span
            what = f"a sentence of paragraph {number}"
            _validate_order(what, paragraph.sentences, within.start, within.end)
            if paragraph.heading is not None and paragraph.heading not in headings:
                raise ValueError(f"paragraph {number} stands under a heading that is not there")


def _validate_order(what: str, spans: Sequence[Span], start: int, end: int) -> None:
    if not all(start <= span.start and span.end <= end for span in spans):
        raise ValueError(f"{what} lies outside {start}:{end}")
    if any(after.start < before.end for before, after in pairwise(spans)):
        raise ValueError(f"{what} overlaps another, or they are in no order")


def revision_of(text: str) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the text in UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Summary:
    """An article without its text; ``characters`` are the text's code points."""

    id: str
    title: str
    source: str | None
    published: str | None
    revision: str
    author: str | None
    tags: tuple[str, ...]
    characters: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article in a library; ``revision`` names its exact text."""

    id: str
    title: str
    source: str | None
    published: str | None
    text: str
    revision: str
    author: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        return Summary(
            self.id,
            self.title,
            self.source,
            self.published,
            self.revision,
            self.author,
            self.tags,
            len(self.text),
        )


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of an article, in reading order."""

    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A place where a passage stands, to the letter or nearly so."""

    article: Article
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that a search found, once, however many articles carry it.

    ``score`` orders the passages of one search, higher is better; ``sentence_scores``
    say how well each of ``paragraph.sentences`` goes with the query, 1 at most. ``copies`` are
    the other places where it stands.
    """

    article: Article
    paragraph: Paragraph
    score: float
    sentence_scores: tuple[float, ...]
    copies: tuple[Copy, ...] = ()

    @property
    def places(self) -> tuple[Copy, ...]:
        """Wherever it stands, its own place first."""
        return (Copy(self.article, self.paragraph), *self.copies)

    @property
    def text(self) -> str:
        return self.paragraph.span.of(self.article.text)

    @property
    def heading(self) -> str | None:
        heading = self.paragraph.heading
        return heading.span.of(self.article.text) if heading else None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a search may look at; every given condition must hold.

    An article passes ``tags`` when it has one of them, letter for letter.
    ``published_from`` and ``published_to`` are ISO 8601 dates, both inclusive; an article without
    a date is left out as soon as one of them is given.
    """

    article_ids: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    published_from: str | None = None
    published_to: str | None = None
    tags: tuple[str, ...] | None = None


def id_of(draft: Draft) -> str:
    """An article's id: stable for its source or, without one, for its text."""
    identity = f"source:{draft.source}" if draft.source else f"text:{draft.text}"
    return hashlib.sha256(identity.encode("utf-8")).hexdigest()[:16]
