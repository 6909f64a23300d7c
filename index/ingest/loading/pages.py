"""Lines of text on pages, and the paragraphs that they were set from.

PDF knows neither words nor paragraphs, only where on a page some glyphs are. So the rules are:

1. Text on one height, drawn one after the other, is a line. Lines keep the order in which they
   are drawn, which in what people write is that of reading, column by column.
2. A line whose text comes back at the top or bottom of most pages, numbers aside, counts where it
   comes first, for it may be the title; a page number counts nowhere.
3. The next line belongs to a paragraph if it is of the same size and follows at the usual
   distance, unless it is set in, opens a list item, or the line before it ended a sentence early.
   At a column's or page's end a sentence must be unfinished to go on.
4. Few short lines in larger letters, or bold, are a heading. The larger, the higher its level.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.ingest.loading.blocks import Block
from index.ingest.segmenting import has_words

LONGEST_HEADING = 200
MOST_HEADING_LINES = 3
FEWEST_PAGES_WITH_EDGES = 3

_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_NO_HEADING = re.compile(r"[.,;…。]$|(?:\. ?){4}")
_ITEM = re.compile(r"(?:[-*+•◦‣▪·–]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\u2010\u00ad]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, where it begins on its page, and how high its letters are, in points."""

    text: str
    x: float
    y: float
    size: float
    page: int
    bold: bool = False


@dataclass(slots=True)
class LineCollector:
    """Makes lines of the pieces of text that pypdf finds on pages."""

    lines: list[Line] = field(default_factory=list)
    _page: int = 0
    _pieces: list[str] = field(default_factory=list)
    _first: tuple[float, float, float, bool] | None = None

    def page(self, number: int) -> None:
        """Pieces from here on are of this page."""
        self.end_line()
        self._page = number

    def add(
        self,
        text: str,
        cm: Sequence[float],
        tm: Sequence[float],
        font: dict[str, object] | None,
        size: float,
    ) -> None:
        """A visitor for pypdf: ``cm`` and ``tm`` are matrices of six numbers (PDF 32000, 8.3)."""
        head, *rest = text.split("\n")
        self._piece(head, cm, tm, font, size)
        for piece in rest:
            self.end_line()
            self._piece(piece, cm, tm, font, size)

    def end_line(self) -> None:
        """What comes next is on another line."""
        text = " ".join("".join(self._pieces).translate(_LIGATURES).split())
        if text and self._first:
            x, y, size, bold = self._first
            self._append(Line(text, x, y, size, self._page, bold))
        self._pieces.clear()
        self._first = None

    def _piece(
        self,
        text: str,
        cm: Sequence[float],
        tm: Sequence[float],
        font: dict[str, object] | None,
        size: float,
    ) -> None:
        self._pieces.append(text)
        if text.strip() and not self._first:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            scale = abs(tm[3] * cm[3] + tm[2] * cm[1]) or abs(tm[1] * cm[2] + tm[0] * cm[0])
            self._first = (float(x), float(y), abs(float(size) * scale), _is_bold(font))

    def _append(self, line: Line) -> None:
        """Pieces on one height are one line, though the file may move between them."""
        last = self.lines[-1] if self.lines else None
        if last and _on_one_height(last, line):
            self.lines[-1] = replace(
                last, text=f"{last.text} {line.text}", bold=last.bold and line.bold
            )
        else:
            self.lines.append(line)


def _on_one_height(left: Line, right: Line) -> bool:
    near = abs(left.y - right.y) < 0.2 * max(left.size, right.size)
    return near and left.page == right.page and left.x < right.x


def _is_bold(font: dict[str, object] | None) -> bool:
    name = str((font or {}).get("/BaseFont", "")).lower()
    return "bold" in name or "black" in name or "heavy" in name


def paragraphs_of(lines: Sequence[Line]) -> Iterator[Block]:
    """The paragraphs and headings, in the order of the lines."""
    kept = _without_edges(lines)
    setting = _Setting(kept)
    for group in setting.groups():
        yield setting.block(group)


def _without_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines without those that run along the pages, such as titles and page numbers."""
    edges: dict[int, list[Line]] = {}
    for line in lines:
        edges.setdefault(line.page, []).append(line)
    outer = {page: {id(line) for line in _outermost(on_page)} for page, on_page in edges.items()}
    counts = Counter(
        key
        for page, on_page in edges.items()
        for key in {_edge_key(line) for line in on_page if id(line) in outer[page]}
    )
    enough = max(FEWEST_PAGES_WITH_EDGES, (len(edges) + 1) // 2)
    seen: set[str] = set()
    return [
        line
        for line in lines
        if id(line) not in outer[line.page]
        or counts[_edge_key(line)] < enough
        or _is_first(line, seen)
    ]


def _is_first(line: Line, seen: set[str]) -> bool:
    """Whether words come for the first time, such as a title that runs along from then on."""
    key = _edge_key(line)
    first = key not in seen and has_words(key)
    seen.add(key)
    return first


def _outermost(on_page: list[Line]) -> list[Line]:
    """The two highest and two lowest lines of a page."""
    by_height = sorted(on_page, key=lambda line: line.y)
    return [*by_height[:2], *by_height[-2:]]


def _edge_key(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


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
        self._vocabulary = {word.lower() for line in lines for word in _WORDS.findall(line.text)}
        larger = {round(line.size) for line in lines if self._is_larger(line)}
        self._ranks = {size: rank for rank, size in enumerate(sorted(larger, reverse=True), 1)}

    def groups(self) -> Iterator[list[Line]]:
        """The lines of each paragraph."""
        group: list[Line] = []
        for line in self._lines:
            if group and not self._continues(group, line):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

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
        if _BROKEN_WORD.search(last.text) and line.text[:1].islower():
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
        if not has_words(text) or _NO_HEADING.search(text):
            return 0
        if all(self._is_larger(line) for line in group):
            return min(6, self._ranks[round(group[0].size)])
        bold = all(line.bold and self._is_body(line) for line in group)
        return min(6, len(self._ranks) + 1) if bold else 0

    def _joined(self, group: list[Line]) -> str:
        text = group[0].text
        for line in group[1:]:
            text = self._hyphenated(text, line.text) or f"{text} {line.text}"
        return text

    def _hyphenated(self, above: str, below: str) -> str | None:
        """The two lines with the word that is parted between them joined, if there is one.

        The hyphen stays in a word that is spelt with it elsewhere, or whose other part is
        a name or number.
        """
        broken, rest = _BROKEN_WORD.search(above), _WORD_START.match(below)
        if not broken or not rest:
            return None
        word, compound = broken[1] + rest[0], f"{broken[1]}-{rest[0]}"
        stays = compound.lower() in self._vocabulary and word.lower() not in self._vocabulary
        if stays or not rest[0][0].islower():
            return above + below if above[-1] != "\u00ad" else above[:-1] + below
        return above[:-1] + below
