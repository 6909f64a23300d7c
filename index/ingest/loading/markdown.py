"""Markdown: CommonMark with tables. The text stays the raw source; spans point into it.

A quote or list item over several lines therefore holds the markers of all but its first line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.article import Draft, Heading, Paragraph, Span
from index.errors import EmptyArticle
from index.ingest.loading.decoding import read
from index.ingest.loading.file import File
from index.ingest.loading.front_matter import read_front_matter
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.text import tags_of
from index.ingest.loading.title import heading_title, label, on_one_line, title_of
from index.ingest.segmenting import has_words, part_long, split_sentences, trim

# As deep as lists and quotes may lie in each other; what lies deeper is taken as it stands.
DEEPEST = 60

LONGEST_SENTENCE_TITLE = 40
"""A longer underlined text that ends in a point is no heading."""

_LINE_END = re.compile(r"\r\n?|\n")  # the line ends of CommonMark, no others
_CONTAINERS = re.compile(r"(?:[ \t]|>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))*")
_HASHES = re.compile(r"#+[ \t]*")
_COMMENT_OR_TAG = re.compile(
    r"<!--(?:.*?-->|.*\Z)|<(script|style)\b(?:.*?</\1\s*>|.*\Z)|</?[a-z!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LEAVES = {"paragraph_open", "heading_open", "tr_open", "fence", "code_block", "html_block"}

# Only the blocks are wanted; inline marks are parsed for titles alone.
_BLOCKS = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table").disable("inline")
_INLINES = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph (level 0) or a heading, in place."""

    span: Span
    level: int = 0


class _Source:
    """The raw source with its lines, as the parser counts them."""

    def __init__(self, text: str, start: int) -> None:
        ends = list(_LINE_END.finditer(text))
        self._text = text
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]
        self._covered = bytearray(len(self._starts))
        # The front matter becomes blank lines, so that the parser's line numbers hold.
        self._first_line = bisect_right(self._starts, start) - 1 if start else 0
        self._markdown = "\n" * self._first_line + text[start:]

    def blocks(self) -> list[_Block]:
        """The paragraphs and headings in reading order, without overlap."""
        references: dict[str, Any] = {}
        tokens = _BLOCKS.parse(self._markdown, references)
        found = [block for i, token in enumerate(tokens) for block in self._of(token, tokens, i)]
        for reference in (
            *references.get("references", {}).values(),
            *references.get("duplicate_refs", ()),
        ):
            self._cover(*reference["map"])
        return sorted([*found, *self._left_over()], key=lambda block: block.span)

    def _of(self, token: Token, tokens: list[Token], i: int) -> Iterator[_Block]:
        if token.type not in _LEAVES or not token.map:
            return
        first, after = token.map
        self._cover(first, after)
        span: Span | None = None
        if token.type == "heading_open" and token.markup.startswith("#"):
            span = self._atx(first, tokens[i + 1].content)
        elif token.type in ("heading_open", "paragraph_open"):
            span = self._inline(tokens[i + 1])
        elif token.type == "fence":
            span = self._code(first + 1, token.content)
        elif token.type == "code_block":
            span = self._code(first, token.content)
        elif token.type == "html_block":
            span = self._html(first, after)
        elif token.type == "tr_open":
            span = self._row(first)
        if span:
            heads = token.type == "heading_open" and not self._is_prose(token, span)
            yield _Block(span, int(token.tag[1]) if heads else 0)

    def _is_prose(self, token: Token, span: Span) -> bool:
        """Whether an underlined text is sentences above a rule that lacks its blank line."""
        text = span.of(self._text)
        return token.markup in "-=" and len(text) > LONGEST_SENTENCE_TITLE and text[-1] in ".…"

    def _cover(self, first: int, after: int) -> None:
        self._covered[first:after] = b"\1" * (min(after, len(self._covered)) - first)

    def _atx(self, line: int, content: str) -> Span | None:
        """The heading's text: without the hashes, of which there may be more at the end."""
        hashes = _HASHES.search(self._text, self._starts[line])
        assert hashes  # noqa: S101  # no heading of this kind is without
        return Span(hashes.end(), hashes.end() + len(content)) if content else None

    def _inline(self, token: Token) -> Span | None:
        """Where the text of a paragraph or underlined heading stands.

        The parser strips lines off its content that it does not take for blank, such as a lone
        no-break space, but leaves them in the map.
        """
        first, after = token.map or (0, 0)
        while (
            first < after and not self._text[self._after_markers(first) : self._ends[first]].strip()
        ):
            first += 1
        if first == after:
            return None
        start = self._start_of(first, token.content.split("\n", 1)[0].strip())
        return trim(self._text, start, self._ends[after - 1])

    def _code(self, first: int, content: str) -> Span | None:
        """Where the code stands that the parser took from the lines from ``first`` on."""
        lines = [(first + i, line.strip()) for i, line in enumerate(content.split("\n"))]
        worded = [(number, line) for number, line in lines if line]
        if not worded:
            return None
        number, line = worded[0]
        return trim(self._text, self._start_of(number, line), self._ends[worded[-1][0]])

    def _start_of(self, number: int, content: str) -> int:
        """Where a line's content begins, after the markers of the quotes and lists it is in."""
        raw = self._raw(number).rstrip()
        if raw.endswith(content):
            return self._starts[number] + len(raw) - len(content)
        return self._after_markers(number)

    def _html(self, first: int, after: int) -> Span | None:
        """From the first to the last text that is not a tag or comment."""
        start, end = self._after_markers(first), self._ends[after - 1]
        shown = _COMMENT_OR_TAG.sub(lambda m: " " * len(m[0]), self._text[start:end])
        inner = trim(shown, 0, len(shown)) if has_words(shown) else None
        return Span(start + inner.start, start + inner.end) if inner else None

    def _row(self, line: int) -> Span | None:
        start, end = self._after_markers(line), self._ends[line]
        cells = self._text[start:end].strip("| \t")
        if not cells:
            return None
        start += self._text[start:end].index(cells[0])
        return trim(self._text, start, start + len(cells))

    def _left_over(self) -> Iterator[_Block]:
        """Lines that no block holds though they have words, for they are nested too deep."""
        left = [
            number
            for number in range(self._first_line, len(self._starts))
            if not self._covered[number]
            and has_words(self._text[self._after_markers(number) : self._ends[number]])
        ]
        for _, run in groupby(enumerate(left), key=lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            span = trim(self._text, self._after_markers(numbers[0]), self._ends[numbers[-1]])
            if span:
                yield _Block(span)

    def _raw(self, number: int) -> str:
        return self._text[self._starts[number] : self._ends[number]]

    def _after_markers(self, number: int) -> int:
        markers = _CONTAINERS.match(self._text, self._starts[number], self._ends[number])
        return markers.end() if markers else self._starts[number]


class MarkdownLoader:
    """Loads Markdown with its headings, items, table rows, code and front matter."""

    suffixes = (".markdown", ".md")
    media_types = ("text/markdown", "text/x-markdown")
    isolated = True  # A quote of many lines takes minutes.

    def signs(self, data: bytes) -> bool:
        return False

    def recognises(self, data: bytes) -> bool:
        return False  # Markdown without a name that says so is as good as plain text.

    def load(self, file: File, limits: Limits) -> Loaded:
        text, notes = read(file.data, file.name, file.charset)
        limits.check_file_text(text, file.name)
        return Loaded.one(draft_of_markdown(text, file.name), notes)


def draft_of_markdown(text: str, name: str) -> Draft:
    """Raises ``EmptyArticle`` when there are no paragraphs; ``name`` is for its message."""
    front = read_front_matter(text)
    blocks = _Source(text, front.end).blocks()
    paragraphs, headings = _numbered(text, blocks)
    if not paragraphs:
        raise EmptyArticle(
            f"{name!r} holds no text but headings: give a file with paragraphs", field="file"
        )
    return Draft(
        text=text,
        paragraphs=paragraphs,
        headings=headings,
        title=label(front.title) or _title(text, paragraphs, headings),
        source=front.source,
        published=front.published,
        author=label(front.author) or None,
        tags=tags_of(front.tags),
    )


def _numbered(text: str, blocks: list[_Block]) -> tuple[tuple[Paragraph, ...], tuple[Heading, ...]]:
    paragraphs: list[Paragraph] = []
    headings: list[Heading] = []
    for block in blocks:
        if block.level:
            headings.append(Heading(block.span, block.level))
        else:
            above = headings[-1] if headings else None
            sentences = split_sentences(text, block.span)
            paragraphs += part_long(text, sentences, len(paragraphs) + 1, above)
    return tuple(paragraphs), tuple(headings)


def _title(text: str, paragraphs: tuple[Paragraph, ...], headings: tuple[Heading, ...]) -> str:
    first = next((heading for heading in headings if heading.level == 1), None)
    if first:
        return heading_title(first.span.of(text), _without_marks)
    return title_of(text, paragraphs, headings, _without_marks)


def _without_marks(markdown: str) -> str:
    """What is read when the source is shown: no asterisks, no link targets, one line."""
    inline = _INLINES.parseInline(markdown)[0].children or []
    return on_one_line("".join(_shown(token) for token in inline))


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline", "image") else ""
