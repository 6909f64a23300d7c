"""The cells of a row, found again in an article's text with their headers."""

import pytest

from index.article import Draft
from index.ingest.loading import load_all
from index.tables import cells
from tests.index.ingest.loading.files import page

HTML = (
    "<table><tr><th>Boat</th><th>North</th><th>South</th></tr>"
    "<tr><td>Alba</td><td></td><td>14:30</td></tr><tr><td>Cora</td><td>7:05</td></tr></table>"
)
MARKDOWN = "| Boat | North | South |\n|---|:-:|--:|\n| Alba |  | 14:30 |\n| Cora | 7:05 | |\n"


def of(draft: Draft, number: int) -> list[tuple[str, int, str | None]]:
    return [
        (cell.span.of(draft.text), cell.column, cell.header.of(draft.text) if cell.header else None)
        for cell in cells(draft.text, draft.paragraphs[number])
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (page(f"<p>Boats sail daily.</p>{HTML}<p>They are blue.</p>"), "a.html"),
        (f"Boats sail daily.\n\n{MARKDOWN}\nThey are blue.".encode(), "a.md"),
    ],
)
def test_a_cell_knows_its_column_and_its_header(data: bytes, name: str) -> None:
    (draft,) = load_all(data, name).drafts
    assert of(draft, 0) == []
    assert of(draft, 1) == [("Boat", 0, None), ("North", 1, None), ("South", 2, None)]
    assert of(draft, 2) == [("Alba", 0, "Boat"), ("14:30", 2, "South")]
    assert of(draft, 3) == [("Cora", 0, "Boat"), ("7:05", 1, "North")]
    assert of(draft, 4) == []


def test_a_table_without_a_header_gives_its_cells_none() -> None:
    rows = "<tr><td>Built</td><td>12 May 1911</td></tr><tr><td>Height</td><td>31 m</td></tr>"
    (draft,) = load_all(page(f"<p>The crane.</p><table>{rows}</table>"), "a.html").drafts
    assert of(draft, 2) == [("Height", 0, None), ("31 m", 1, None)]


def test_a_table_after_another_has_its_own_header() -> None:
    second = "<table><tr><th>Year</th><th>Fish</th></tr><tr><td>1912</td><td>3</td></tr></table>"
    (draft,) = load_all(page(f"<p>Boats.</p>{HTML}{second}"), "a.html").drafts
    assert of(draft, 5) == [("1912", 0, "Year"), ("3", 1, "Fish")]


def test_prose_with_a_bar_in_it_is_no_row() -> None:
    (draft,) = load_all(b"The sign || is read as or, and a|b as either.", "a.txt").drafts
    assert of(draft, 0) == []
