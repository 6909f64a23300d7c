"""From blocks of text, as a parser gives them one after the other, to a draft."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.article import Draft, Heading, Paragraph, Span
from index.errors import EmptyArticle
from index.ingest.loading.limits import Limits
from index.ingest.loading.text import tags_of
from index.ingest.loading.title import on_one_line, title_of
from index.ingest.segmenting import has_words, part_long, split_sentences

BETWEEN = "\n\n"
"""What stands between two blocks in the text."""

_UNFIT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u00ad]")
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when it has a ``level``; ``page`` counts from 1."""

    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a file says about its article; anything may be missing."""

    title: str = ""
    source: str | None = None
    published: str | None = None
    author: str = ""
    tags: tuple[str, ...] = ()


def draft_of_blocks(
    blocks: Iterable[Block], about: Particulars, name: str, limits: Limits
) -> Draft:
    """A draft whose text is the blocks, a blank line between each two.

    Control characters, soft hyphens and blocks without a word are left out, so that blank lines
    are only between blocks. Raises ``EmptyArticle`` when no paragraph is left and
    ``LimitExceeded`` as soon as the text is too long; ``name`` is for their messages.
    """
    kept = list(_within(blocks, name, limits))
    text = BETWEEN.join(block.text for block in kept)
    paragraphs, headings = _in_place(kept, text)
    if not paragraphs:
        only = " but headings" if headings else ""
        raise EmptyArticle(
            f"{name!r} holds no text{only}: give a file with paragraphs", field="file"
        )
    return Draft(
        text=text,
        paragraphs=paragraphs,
        headings=headings,
        title=clean(on_one_line(about.title)) or title_of(text, paragraphs, headings),
        source=about.source,
        published=about.published,
        author=clean(on_one_line(about.author)) or None,
        tags=tags_of(clean(tag) for tag in about.tags),
    )


def clean(text: str) -> str:
    """The text without outer white space, blank lines and what is no character to read."""
    return _BLANK_LINES.sub("\n", _UNFIT.sub("", text)).strip()


def _within(blocks: Iterable[Block], name: str, limits: Limits) -> Iterable[Block]:
    length = 0
    for block in blocks:
        text = clean(block.text)
        if not has_words(text):
            continue
        length += len(text) + len(BETWEEN)
        limits.check("max_article_characters", length - len(BETWEEN), name, "characters or more")
        yield Block(text, block.level, block.page)


def _in_place(blocks: list[Block], text: str) -> tuple[tuple[Paragraph, ...], tuple[Heading, ...]]:
    paragraphs: list[Paragraph] = []
    headings: list[Heading] = []
    start = 0
    for block in blocks:
        span = Span(start, start + len(block.text))
        start = span.end + len(BETWEEN)
        if block.level:
            headings.append(Heading(span, block.level))
            continue
        above = headings[-1] if headings else None
        sentences = split_sentences(text, span)
        paragraphs += part_long(text, sentences, len(paragraphs) + 1, above, block.page)
    return tuple(paragraphs), tuple(headings)
