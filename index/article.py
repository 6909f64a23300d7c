"""Articles and their parts. All offsets are code points into ``Article.text``, end exclusive."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field


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

    ``number`` counts from 1 in reading order; headings are not counted.
    """

    number: int
    span: Span
    sentences: tuple[Span, ...]
    heading: Heading | None = None


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


def revision_of(text: str) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the text in UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """An article in a library."""

    id: str
    title: str
    source: str | None
    published: str | None
    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...] = ()
    revision: str = field(default="")

    def __post_init__(self) -> None:
        if not self.revision:
            object.__setattr__(self, "revision", revision_of(self.text))

    def __iter__(self) -> Iterator[Paragraph]:
        return iter(self.paragraphs)
