"""The cells of a table's row, found again in an article's text.

A row is a paragraph of its own, its cells parted by bars: ``Alba |  | 14:30``. An empty cell, and
all but the first of merged ones, hold their place. The rows of a table that has a header stand on
lines right below each other, the header first; those of a table without one are set apart by blank
lines, as all paragraphs are. In Markdown a row is as its author wrote it.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from index.article import Paragraph, Span

BAR = " | "
"""What stands between two cells."""

_BAR = re.compile(r"(?<!\\)\|")
_SPACED_BAR = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with words in it: ``column`` counts from 0, empty cells included.

    ``span`` and ``header``, the cell at the top of the column, are code points into the article's
    text, without the bars and outer white space; ``header`` is None where there is none.
    """

    span: Span
    column: int
    header: Span | None = None


def cells(text: str, paragraph: Paragraph) -> tuple[Cell, ...]:
    """The cells of the row that a paragraph of an article's ``text`` is, or none if it is no row.

    The header's own cells have no header. ``paragraph.span`` is the row's own span.
    """
    row = _line_at(text, paragraph.span.start)
    if row is None or not row.contains(paragraph.span):
        return ()
    top = _first_line(text, row)
    below = _line_at(text, top.end + 1) if top else None
    marked = bool(below and _DELIMITERS.fullmatch(below.of(text).strip(" \t>")))
    found = _split(text, row, marked)
    if len(found) < 2:
        return ()
    heads = _split(text, top, marked) if top and top.end < row.start else []
    if len(heads) != len(found) and not marked:
        heads = []
    return tuple(
        Cell(span, column, heads[column] if column < len(heads) else None)
        for column, span in enumerate(found)
        if span
    )


def _line_at(text: str, place: int) -> Span | None:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    return Span(start, end) if start < end else None


def _first_line(text: str, row: Span) -> Span | None:
    """The first of the lines that stand above the row without a blank line between."""
    blank = text.rfind("\n\n", 0, row.start + 1)
    return _line_at(text, blank + 2 if blank >= 0 else 0)


def _split(text: str, line: Span, marked: bool) -> list[Span | None]:
    """Where each cell of the line is, None for an empty one."""
    bars = [bar.start() for bar in (_BAR if marked else _SPACED_BAR).finditer(line.of(text))]
    edges = [-1, *bars, line.end - line.start]
    found = [_trimmed(text, line.start + a + 1, line.start + b) for a, b in pairwise(edges)]
    if marked and len(found) > 2:
        found = found[found[0] is None and bars[0] == _indent(line.of(text)) :]
        found = found[: len(found) - (found[-1] is None)]
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
