"""XLSX: the sheets of a workbook, a table after the other."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from index.errors import UnreadableFile
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.grid import MOST_COLUMNS, GridCell, Tables
from index.ingest.loading.left_out import left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.ooxml import check_package, holds_part

MOST_CELLS = 2_000_000
HIDDEN_SHEETS = "hidden sheets left out"
HIDDEN_ROWS = "hidden rows and columns left out"
CHARTS = "charts left out"
UNCOUNTED = "formulas whose value the file does not hold, marked"

_DECIMALS = re.compile(r"\.([0#?]+)")
_MASKED = re.compile(r'"[^"]*+"?|\[[^\]]*+\]?|\\.|[_*].')
_BRACKETED = re.compile(r"\[(?:\$([^\]\[-]*+))?[^\]\[]*+\]")
_SKIPPED = re.compile(r"[_*].")
_ESCAPED = re.compile(r"\\(.)")


class XlsxLoader:
    """Loads the visible cells of every sheet as they are shown, under the sheet's name."""

    suffixes = (".xlsm", ".xlsx")
    media_types = (
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def holds(self, archive: zipfile.ZipFile) -> bool:
        """Whether a ZIP is an XLSX."""
        return holds_part(archive, "xl/workbook")

    def load(self, file: File, limits: Limits) -> Loaded:
        check_package(file, limits, self.holds, "XLSX")
        with refusing(file.name, "XLSX"):
            import openpyxl

            shown = openpyxl.load_workbook(io.BytesIO(file.data), data_only=True)
            left_out: Counter[str] = Counter()
            about = Particulars(
                title=shown.properties.title or "",
                author=_author(shown.properties.creator),
            )
            blocks = _blocks(shown, file.name, left_out)
            draft = draft_of_blocks(blocks, about, file.name, limits)
            return Loaded.one(draft, left_out_of(left_out))


def _author(creator: str | None) -> str:
    return "" if creator in (None, "openpyxl") else str(creator)


def _blocks(workbook: Any, name: str, left_out: Counter[str]) -> Iterator[Block]:
    tables = Tables()
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            left_out[HIDDEN_SHEETS] += 1
            continue
        left_out[CHARTS] += len(sheet._charts)
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise UnreadableFile(
                f"{name!r} has a sheet of {sheet.max_row:,} rows and {sheet.max_column:,} columns, "
                f"more than the {MOST_CELLS:,} cells taken: give the part that is wanted",
                field="file",
            )
        yield Block(sheet.title, level=1)
        for run in _tables(sheet, left_out):
            yield from tables.blocks(run)
    left_out[CHARTS] += len(workbook.chartsheets)


def _tables(sheet: Any, left_out: Counter[str]) -> Iterator[list[list[GridCell]]]:
    """The runs of rows that are not empty."""
    merged = {one.coord.split(":")[0]: one for one in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for one in sheet.merged_cells.ranges
        for row in range(one.min_row, min(one.max_row, one.min_row + 10_000) + 1)
        for column in range(one.min_col, min(one.max_col, one.min_col + MOST_COLUMNS) + 1)
        if (row, column) != (one.min_row, one.min_col)
    }
    unseen = {
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, min(dimension.max or 0, 20_000) + 1)
    }
    left_out[HIDDEN_ROWS] += len({column for column in unseen if column <= sheet.max_column})
    run: list[list[GridCell]] = []
    for row in sheet.iter_rows():
        number = row[0].row
        if sheet.row_dimensions[number].hidden:
            left_out[HIDDEN_ROWS] += 1
            continue
        cells = [
            _cell(cell, merged.get(cell.coordinate))
            for cell in row
            if cell.column not in unseen and (number, cell.column) not in covered
        ]
        cells = cells[:MOST_COLUMNS]
        if any(cell.text for cell in cells):
            run.append(cells)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _cell(cell: Any, merged: Any) -> GridCell:
    text = shown_value(cell.value, cell.number_format or "General")
    bold = bool(cell.font is not None and cell.font.b)
    if merged is None:
        return GridCell(text, header=bold)
    return GridCell(
        text,
        merged.max_col - merged.min_col + 1,
        merged.max_row - merged.min_row + 1,
        header=bold,
    )


def shown_value(value: Any, form: str) -> str:
    """A cell's value as its format shows it: with thousands, percent, currency; dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")[:16]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, form.split(";")[0])
    return str(value)


def _number(value: float, form: str) -> str:
    shown = _MASKED.sub(lambda found: "\0" * len(found[0]), form)
    places = [place for place, sign in enumerate(shown) if sign in "0#?"]
    if not places or "E" in shown.upper().replace("GENERAL", ""):
        return repr(value) if isinstance(value, int) else f"{value:.12g}"
    core = shown[places[0] : places[-1] + 1]
    decimals = _DECIMALS.search(core)
    thousands = "," if "," in core.split(".")[0] else ""
    amount = value * 100 if "%" in shown else value
    text = f"{amount:{thousands}.{len(decimals[1]) if decimals else 0}f}"
    return (_literal(form[: places[0]]) + text + _literal(form[places[-1] + 1 :])).strip()


def _literal(part: str) -> str:
    """What a format shows before or after a number: currency, units, a percent sign."""
    part = _BRACKETED.sub(lambda found: found[1] or "", part)
    return _ESCAPED.sub(lambda found: found[1] or "", _SKIPPED.sub("", part)).replace('"', "")
