"""Tables as grids of cells, where empty and merged cells hold their place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from index.ingest.loading.blocks import Block
from index.ingest.segmenting import has_words
from index.tables import BAR

MOST_COLUMNS = 1000
"""A table's width, whatever its cells say that they span."""
MOST_EMPTY = 100_000
"""So many places of merged and missing cells a file's tables may have."""
LONGEST_HEADER = 60

_WHITE_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")
_YEARS = re.compile(r"(?:1[6-9]|20)\d\d(?:[/–-]\d{2,4})?")
_SENTENCE_END = re.compile(r"[.!?;:]$")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell's text, how many columns and rows it takes, and whether it is marked as a header."""

    text: str
    columns: int = 1
    rows: int = 1
    header: bool = False


class Tables:
    """Makes blocks of the tables of one file."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._room = MOST_EMPTY

    def blocks(
        self,
        rows: Iterable[Sequence[GridCell]],
        headed: bool | None = None,
        page: int | None = None,
    ) -> Iterator[Block]:
        """A block a row. ``headed`` says whether the first is a header, None if it is not known.

        Rows of a table with a header belong together (see ``index.tables``).
        """
        laid_out = [row for row in self._laid_out(rows) if any(cell.text for cell in row)]
        while len(laid_out) > 1 and _is_title(laid_out[0]):
            yield Block(_plain(laid_out.pop(0)[0].text), page=page)
        texts = [[_plain(cell.text) for cell in row] for row in laid_out]
        width = max((_filled(row) for row in texts), default=0)
        if width == 1:  # no table, whatever it is drawn as
            for row in texts:
                yield Block(row[0] if row[0] else " ".join(row).strip(), page=page)
            return
        texts = [[*row[:width], *[""] * (width - len(row))] for row in texts]
        marked = bool(laid_out) and _marked_header(laid_out[0])
        if headed is None:
            headed = marked or looks_headed(texts)
        headed = headed and len(texts) > 1 and has_words("".join(texts[0]))
        number = next(self._numbers) if headed else None
        for row in texts:
            if any(map(has_words, row)):
                yield Block(BAR.join(row), page=page, table=number)

    def _laid_out(self, rows: Iterable[Sequence[GridCell]]) -> Iterator[list[GridCell]]:
        hanging: dict[int, int] = {}  # columns taken by cells from above, and for how many rows
        for row in rows:
            line: list[GridCell] = []
            following: dict[int, int] = {}
            for cell in row:
                self._skip(line, hanging, following)
                wide = max(1, min(cell.columns, MOST_COLUMNS - len(line))) if self._room > 0 else 1
                if cell.rows > 1 and self._room > 0:
                    for column in range(len(line), len(line) + wide):
                        following[column] = cell.rows - 1
                line.append(cell)
                self._pad(line, wide - 1)
            while hanging:
                self._pad(line, min(hanging) - len(line))
                self._skip(line, hanging, following)
            hanging = following
            yield line

    def _skip(
        self, line: list[GridCell], hanging: dict[int, int], following: dict[int, int]
    ) -> None:
        while left := hanging.pop(len(line), 0):
            if left > 1 and self._room > 0:
                following[len(line)] = left - 1
            self._pad(line, 1)

    def _pad(self, line: list[GridCell], by: int) -> None:
        self._room -= by
        line.extend([_EMPTY] * by)


_EMPTY = GridCell("")


def _is_title(row: Sequence[GridCell]) -> bool:
    """Whether its one cell goes over the whole table."""
    return bool(row) and bool(row[0].text) and 1 < row[0].columns >= len(row)


def looks_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns, by what is in it and below it.

    Short words without numbers above numbers do, and so do years in a row.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    top = rows[0]
    if not all(top[1:]) or len(set(top)) < len(top):
        return False
    if any(len(cell) > LONGEST_HEADER or _SENTENCE_END.search(cell) for cell in top):
        return False
    if len(top) > 2 and all(_YEARS.fullmatch(cell) for cell in top[1:]):
        return True
    if any(_DIGIT.search(cell) for cell in top):
        return False
    below = list(zip(*rows[1:], strict=True))
    return any(any(cells) and all(_DIGIT.search(cell) for cell in cells if cell) for cells in below)


def _marked_header(row: Sequence[GridCell]) -> bool:
    """Whether most of a row's filled cells, more than its first, are marked as headers."""
    filled = [cell for cell in row if cell.text]
    return len(filled) > 0 and all(cell.header for cell in filled) and row[0].columns < len(row)


def _plain(text: str) -> str:
    """A cell's text on one line, in which no bar can be taken for one between cells."""
    line = _WHITE_SPACE.sub(" ", text).strip()
    return re.sub(r"(?:(?<=\s)|^)\|(?=\s|$)", "¦", line) if "|" in line else line


def _filled(row: Sequence[str]) -> int:
    return max((place for place, text in enumerate(row, start=1) if text), default=0)
