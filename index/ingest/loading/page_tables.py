"""Tables and columns on a page, found by the white space that goes down through its lines."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.ingest.loading.glyphs import Piece

MOST_COLUMNS = 30
FEWEST_PROSE_ROWS = 4
WIDEST_GAP = 2.0
"""A table ends where its lines are so many times as far apart as they are at their closest."""
LONGEST_CELL = 28
"""Pieces that are longer than this, at the median, are columns of prose."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """Rows of cells' texts, an empty one for each that holds nothing, from where on the page."""

    rows: list[list[str]]
    page: int
    top: float


def laid_out(pieces: Sequence[Piece]) -> Iterator[Piece | PageTable]:
    """The pieces of one page in reading order, those of tables put together.

    They keep their order but for columns of prose that are drawn row by row.
    """
    where: dict[int, _Region] = {}
    for region in _regions(_rows(pieces)):
        for piece in region.pieces:
            where[id(piece)] = region
    done: set[int] = set()
    for piece in pieces:
        found = where.get(id(piece))
        if found is None:
            yield piece
        elif id(found) not in done:
            done.add(id(found))
            yield from found.read()


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces on one height, from left to right, from the top of the page to its foot."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (-one.base, one.left)):
        last = rows[-1] if rows else None
        if last and abs(last[0].base - piece.base) < 0.3 * min(last[0].size, piece.size):
            last.append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.left)
    return rows


@dataclass(slots=True)
class _Region:
    """Rows that share white space between their columns."""

    rows: list[list[Piece]]
    columns: list[tuple[float, float]]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for row in self.rows for piece in row]

    @property
    def is_prose(self) -> bool:
        lengths = [len(piece.text) for row in self.rows if len(row) > 1 for piece in row]
        return statistics.median(lengths) > LONGEST_CELL and len(self.columns) < 4

    def read(self) -> Iterator[Piece | PageTable]:
        if self.is_prose:
            for column in range(len(self.columns)):
                for row in self.rows:
                    yield from (one for one in row if self._column(one) == column)
            return
        yield PageTable(self._cells(), self.rows[0][0].page, self.rows[0][0].base)

    def _cells(self) -> list[list[str]]:
        gaps = [above[0].base - below[0].base for above, below in pairwise(self.rows)]
        usual = statistics.median(gaps[1:] or gaps or [0.0])  # the head stands further off
        cells: list[list[str]] = []
        for number, row in enumerate(self.rows):
            line = [""] * len(self.columns)
            for piece in row:
                place = self._column(piece)
                line[place] = f"{line[place]} {piece.text}".strip()
            goes_on = number > 0 and not line[0] and gaps[number - 1] < 0.8 * usual
            if goes_on:
                cells[-1] = [f"{a} {b}".strip() for a, b in zip(cells[-1], line, strict=True)]
            else:
                cells.append(line)
        return cells

    def _column(self, piece: Piece) -> int:
        middle = (piece.left + piece.right) / 2
        return min(
            range(len(self.columns)),
            key=lambda i: (
                0.0
                if self.columns[i][0] <= middle <= self.columns[i][1]
                else min(abs(middle - self.columns[i][0]), abs(middle - self.columns[i][1]))
            ),
        )


def _regions(rows: Sequence[list[Piece]]) -> Iterator[_Region]:
    """The tables, and the columns that are set beside each other."""
    run: list[list[Piece]] = []
    columns: list[tuple[float, float]] = []
    least: float | None = None
    for row in rows:
        spans = [(piece.left, piece.right) for piece in row]
        merged = _merged([*columns, *spans])
        near = run and run[-1][0].base - row[0].base < 3.0 * max(run[-1][0].size, row[0].size)
        several = len(row) > 1
        gap = run[-1][0].base - row[0].base if run else 0.0
        near = near and (least is None or gap < WIDEST_GAP * least)
        same = abs(run[-1][0].size - row[0].size) < 0.15 * row[0].size if run else False
        fits = near and same and 2 <= len(merged) <= MOST_COLUMNS and len(merged) >= len(row)
        if (
            fits
            and len(merged) >= min(len(columns), max(2, len(row)))
            and _is_kept(columns, merged, several)
        ):
            run.append(row)
            columns, least = merged, min(gap, least or gap)
            continue
        yield from _region(run, columns)
        run, columns = ([row], _merged(spans)) if several else ([], [])
        least = None
    yield from _region(run, columns)


def _is_kept(
    columns: list[tuple[float, float]], merged: list[tuple[float, float]], several: bool
) -> bool:
    """Whether a row leaves the white space open; a lone piece must fit in a column."""
    return len(merged) >= len(columns) if several else len(merged) == len(columns)


def _region(run: list[list[Piece]], columns: list[tuple[float, float]]) -> Iterator[_Region]:
    while run and len(run[-1]) < 2 and not _belongs_below(run, columns):
        run = run[:-1]
    filled = sum(1 for row in run if len(row) > 1)
    if filled < 2 or len(columns) < 2:
        return
    region = _Region(run, columns)
    if region.is_prose and filled < FEWEST_PROSE_ROWS:
        return
    yield region


def _belongs_below(run: list[list[Piece]], columns: list[tuple[float, float]]) -> bool:
    """Whether a last line of one piece is no paragraph below, but the longer column's or a cell."""
    if len(columns) > 1 and run[-1][0].left > columns[0][1]:
        return True
    gaps = [above[0].base - below[0].base for above, below in pairwise(run)]
    several = any(len(row) > 1 for row in run)
    return several and _Region(run, columns).is_prose and gaps[-1] <= 1.2 * min(gaps)


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The columns that the pieces take together, those that overlap as one."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1] + 1.0:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged
