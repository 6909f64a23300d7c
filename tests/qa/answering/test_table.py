"""The cell that a question asks for."""

import pytest

from qa.answering.table import look_up
from tests.qa.answering.passages import whole

HOURS = whole(
    "Opening hours of the pools.\n\n"
    "Pool | Monday | Tuesday | Sat\nNorth | 9-12 | 10-14 | 8-18\nQuay | 7-9 |  | 9-17\n\n"
    "All pools are shut on Sundays."
)


@pytest.mark.parametrize(
    ("question", "context", "cell"),
    [
        ("When is North open on Tuesday?", "", "10-14"),
        ("quay monday", "", "7-9"),
        ("Quay on Saturday?", "", "9-17"),
        ("and quay?", "When is North open on Monday?", "7-9"),
    ],
)
def test_the_cell_of_the_named_row_and_column_is_found(
    question: str, context: str, cell: str
) -> None:
    found = look_up(question, context, [HOURS])
    assert found is not None
    assert found.cell.span.of(found.article.text) == cell


@pytest.mark.parametrize(
    "question",
    [
        "When is Quay open on Tuesday?",
        "When is North open?",
        "Which pool is open on Monday?",
        "When is South open on Monday?",
        "Who swims on Sundays?",
    ],
)
def test_without_one_named_row_and_column_or_in_an_empty_cell_there_is_none(question: str) -> None:
    assert look_up(question, "", [HOURS]) is None


def test_where_two_cells_are_named_alike_there_is_none() -> None:
    assert look_up("North and Quay on Monday?", "", [HOURS]) is None
