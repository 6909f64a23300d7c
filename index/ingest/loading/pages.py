"""Lines of text on pages, and the paragraphs that they were set from.

PDF knows neither words nor paragraphs, only where on a page some glyphs are. So the rules are:

1. Pieces of text on one height are a line, unless white space parts them into columns: then they
   are the rows of a table, or columns of prose, read one after the other. Lines keep the order in
   which they are drawn, which in what people write is that of reading.
2. What runs along the pages counts where it comes first, a page's number nowhere.
3. The next line belongs to a paragraph if it is of the same size and follows at the usual
   distance, unless it is set in, opens a list item, or the line before it ended a sentence early.
   At a column's or page's end a sentence must be unfinished to go on; footnotes between do not
   part it.
4. Few short lines in larger letters, or bold, are a heading. The larger, the higher its level. A
   drop cap is a part of its word.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from index.ingest.loading.blocks import Block
from index.ingest.loading.glyphs import Piece
from index.ingest.loading.grid import GridCell, Tables
from index.ingest.loading.hyphens import LineJoiner, is_broken
from index.ingest.loading.page_tables import PageTable, laid_out
from index.ingest.segmenting import has_words

LONGEST_HEADING = 200
MOST_HEADING_LINES = 3
LONGEST_DROP_CAP = 2

_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_NO_HEADING = re.compile(r"[.,;…。]$|(?:\. ?){4}")
_ITEM = re.compile(r"(?:[-*+•◦‣▪·–]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_NOTE = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡])\s?(?=\S)")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, where it begins on its page, and how high its letters are, in points."""

    text: str
    x: float
    y: float
    size: float
    page: int
    bold: bool = False


def paragraphs_of(pieces: Sequence[Piece]) -> Iterator[Block]:
    """The paragraphs, headings and rows of tables, in the order of the pieces."""
    tables = Tables()
    parts = list(_lines_and_tables(pieces))
    setting = _Setting([part for part in parts if isinstance(part, Line)])
    for is_table, run in groupby(parts, key=lambda part: isinstance(part, PageTable)):
        if is_table:
            for part in run:
                assert isinstance(part, PageTable)  # noqa: S101  # groupby said so
                rows = [[GridCell(text) for text in row] for row in part.rows]
                yield from tables.blocks(rows, page=part.page)
        else:
            for group in setting.groups([part for part in run if isinstance(part, Line)]):
                yield setting.block(group)


def _lines_and_tables(pieces: Sequence[Piece]) -> Iterator[Line | PageTable]:
    for _, on_page in groupby(pieces, key=lambda piece: piece.page):
        last: Line | None = None
        right = 0.0
        for part in laid_out(_with_drop_caps(list(on_page))):
            if isinstance(part, PageTable):
                if last:
                    yield last
                yield part
                last = None
                continue
            line = Line(part.text, part.left, part.base, part.size, part.page, part.bold)
            if last and _on_one_height(last, right, part):
                last = replace(last, text=f"{last.text} {line.text}", bold=last.bold and line.bold)
            else:
                if last:
                    yield last
                last = line
            right = part.right
        if last:
            yield last


def _on_one_height(left: Line, right_edge: float, right: Piece) -> bool:
    near = abs(left.y - right.base) < 0.2 * max(left.size, right.size)
    return near and right_edge - 1 <= right.left


def _with_drop_caps(pieces: list[Piece]) -> list[Piece]:
    """The pieces, a letter over several lines joined to the line that it begins."""
    kept: list[Piece] = []
    cap: Piece | None = None
    for piece in pieces:
        if cap and _is_cap_of(cap, piece):
            kept[-1] = replace(piece, text=cap.text + piece.text)
        else:
            kept.append(piece)
        cap = piece if _may_be_cap(piece) else None
    return kept


def _may_be_cap(piece: Piece) -> bool:
    letters = piece.text.lstrip("\"'“„«‘")
    return len(letters) <= LONGEST_DROP_CAP and letters.isalpha() and letters.isupper()


def _is_cap_of(cap: Piece, line: Piece) -> bool:
    beside = -2 < line.left - cap.right < 1.5 * line.size
    within = -1 <= line.base - cap.base <= cap.size
    return cap.size > 1.6 * line.size and beside and within


class _Setting:
    """How a text is set: its letters' size, its lines' distance and its columns' width."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        sizes = Counter[float]()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        gaps = Counter(
            round(above.y - below.y, 0)
            for above, below in pairwise(lines)
            if above.page == below.page
            and 0 < above.y - below.y < 3 * max(self._body, 1)
            and self._is_body(above)
            and self._is_body(below)
        )
        self._leading = gaps.most_common(1)[0][0] if gaps else 1.2 * self._body
        body = [len(line.text) for line in lines if self._is_body(line)]
        self._width = statistics.quantiles(body, n=10)[-1] if len(body) > 1 else 0.0
        self._joiner = LineJoiner(line.text for line in lines)
        larger = {round(line.size) for line in lines if self._is_larger(line)}
        self._ranks = {size: rank for rank, size in enumerate(sorted(larger, reverse=True), 1)}

    def groups(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        """The lines of each paragraph; footnotes stand after what they part."""
        group: list[Line] = []
        notes: list[Line] = []
        for line in lines:
            if group and self._is_note_below(group[-1], line, notes):
                notes.append(line)
                continue
            if group and not self._continues(group, line):
                yield group
                yield from self._notes(notes)
                group, notes = [], []
            group.append(line)
        if group:
            yield group
        yield from self._notes(notes)

    def _notes(self, notes: list[Line]) -> Iterator[list[Line]]:
        group: list[Line] = []
        for line in notes:
            begins = _NOTE.match(line.text) is not None
            if group and (begins or line.page != group[-1].page):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _is_note_below(self, last: Line, line: Line, notes: list[Line]) -> bool:
        """Whether the line is of a footnote below a sentence that is not ended."""
        small = line.size < 0.92 * self._body and line.page == last.page and line.y < last.y
        if not small or not self._is_body(last) or _ENDS_SENTENCE.search(last.text):
            return False
        return bool(notes) or _NOTE.match(line.text) is not None

    def block(self, group: list[Line]) -> Block:
        return Block(self._joined(group), self._level(group), group[0].page)

    def _is_body(self, line: Line) -> bool:
        return abs(line.size - self._body) <= 0.08 * self._body

    def _is_larger(self, line: Line) -> bool:
        return line.size > 1.08 * self._body and has_words(line.text)

    def _continues(self, group: list[Line], line: Line) -> bool:
        last = group[-1]
        if abs(last.size - line.size) > 0.08 * max(last.size, line.size):
            return False
        if last.bold != line.bold and len(group) <= MOST_HEADING_LINES:
            return False
        if is_broken(last.text) and line.text[:1].islower():
            return True
        ended = _ENDS_SENTENCE.search(last.text) is not None
        if line.page != last.page or line.y >= last.y:
            return not ended and line.text[:1].islower()
        leading = self._leading * max(1.0, line.size / (self._body or 1.0))
        if last.y - line.y > 1.3 * leading + 0.5 or _ITEM.match(line.text):
            return False
        set_in = line.x - last.x > 0.8 * line.size and (ended or len(group) > 1)
        return not (set_in and not _ITEM.match(group[0].text)) and not self._had_room(last, line)

    def _had_room(self, last: Line, line: Line) -> bool:
        """Whether the line stops so early that what follows must be another paragraph."""
        filled = len(last.text) + 1 + len(line.text.split(maxsplit=1)[0])
        begins = _ENDS_SENTENCE.search(last.text) and not line.text[:1].islower()
        return filled < (0.75 if begins else 0.55) * self._width

    def _level(self, group: list[Line]) -> int:
        """The heading's level, or 0."""
        text = " ".join(line.text for line in group)
        if len(group) > MOST_HEADING_LINES or len(text) > LONGEST_HEADING:
            return 0
        if len(_LETTERS.findall(text)) < 2 and not text[0].isdigit():
            return 0
        if not has_words(text) or _NO_HEADING.search(text):
            return 0
        if all(self._is_larger(line) for line in group):
            return min(6, self._ranks[round(group[0].size)])
        bold = all(line.bold and self._is_body(line) for line in group)
        return min(6, len(self._ranks) + 1) if bold else 0

    def _joined(self, group: list[Line]) -> str:
        text = group[0].text
        for line in group[1:]:
            text = self._joiner.joined(text, line.text)
        return text
