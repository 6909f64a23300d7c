"""From blocks of text, as a parser gives them one after the other, to a draft."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from index.article import Draft, Heading, Paragraph, Span
from index.errors import EmptyArticle
from index.ingest.loading.limits import Limits
from index.ingest.loading.text import tags_of
from index.ingest.loading.title import clean, label, title_of
from index.ingest.segmenting import has_words, part_long, split_sentences

BETWEEN = "\n\n"
"""What stands between two blocks in the text."""
BETWEEN_ROWS = "\n"
"""What stands between two rows of a table with a header."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when it has a ``level``; ``page`` counts from 1.

    ``table`` numbers a table with a header, of which the block is a row.
    """

    text: str
    level: int = 0
    page: int | None = None
    table: int | None = None


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
    """A draft whose text is the blocks, a blank line between each two but a table's rows.

    Control characters, soft hyphens and blocks without a word are left out, so that blank lines
    are only between blocks. Raises ``EmptyArticle`` when no paragraph is left and
    ``LimitExceeded`` as soon as the text is too long; ``name`` is for their messages.
    """
    kept = list(_within(blocks, name, limits))
    text = "".join(
        _between(above, below) + below.text for above, below in pairwise((None, *kept)) if below
    )
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
        title=label(about.title) or title_of(text, paragraphs, headings),
        source=about.source,
        published=about.published,
        author=label(about.author) or None,
        tags=tags_of(about.tags),
    )


def _between(above: Block | None, below: Block) -> str:
    if above is None:
        return ""
    return BETWEEN_ROWS if below.table and below.table == above.table else BETWEEN


def _within(blocks: Iterable[Block], name: str, limits: Limits) -> Iterable[Block]:
    length = 0
    for block in blocks:
        text = clean(block.text)
        if not has_words(text):
            continue
        length += len(text) + len(BETWEEN)
        limits.check("max_article_characters", length - len(BETWEEN), name, "characters or more")
        yield replace(block, text=text)


def _in_place(blocks: list[Block], text: str) -> tuple[tuple[Paragraph, ...], tuple[Heading, ...]]:
    paragraphs: list[Paragraph] = []
    headings: list[Heading] = []
    end = 0
    for before, block in pairwise((None, *blocks)):
        assert block  # noqa: S101  # only what is before the first is none
        start = end + len(_between(before, block))
        span = Span(start, start + len(block.text))
        end = span.end
        if block.level:
            headings.append(Heading(span, block.level))
            continue
        above = headings[-1] if headings else None
        sentences = split_sentences(text, span)
        paragraphs += part_long(text, sentences, len(paragraphs) + 1, above, block.page)
    return tuple(paragraphs), tuple(headings)
