"""Dates that can be read in one way, and lines that name an author."""

import pytest

from index.ingest.byline import byline, date_line
from index.ingest.dates import day_of
from index.ingest.loading import load_all


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026-03-04T23:59:00-11:00", "2026-03-04"),
        ("2016/6/29", "2016-06-29"),
        ("2026.03.04 10:00", "2026-03-04"),
        ("20160629", "2016-06-29"),
        ("Wed, 04 Mar 2026 10:00:00 GMT", "2026-03-04"),
        ("4th of March 2026", "2026-03-04"),
        ("March 4, 2026 at noon", "2026-03-04"),
        ("29/06/2016", "2016-06-29"),
        ("06/29/2016", "2016-06-29"),
        ("5.5.2026", "2026-05-05"),
        ("03/04/2026", None),
        ("03-04-26", None),
        ("2026-02-30", None),
        ("2026/3", None),
        ("12:30", None),
        ("1772600000", None),
        ("Mon, 99 Foo 2026", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_only_where_it_can_be_read_in_one_way(text: object, day: str | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("By Ida Lund", ("Ida Lund", None)),
        ("By Ida Lund and Ole Tarn, 4 March 2026", ("Ida Lund and Ole Tarn", "2026-03-04")),
        ("By Ida Lund | 03/04/2026", ("Ida Lund", None)),
        ("By Ida Lund, who has kept bees in the hills for years", None),
        ("By the river it is cold", None),
        ("By noon all was sold.", None),
    ],
)
def test_a_byline_names_its_author(line: str, found: tuple[str, str | None] | None) -> None:
    assert byline(line) == found


def test_a_line_that_is_more_than_a_date_is_no_date_line() -> None:
    assert date_line("Published: 4 March 2026") == "2026-03-04"
    assert date_line("4 March 2026 was a cold day in the valley") is None


def test_the_lines_above_a_text_give_its_author_and_date_and_are_no_headings() -> None:
    text = "The market\n\nBy Ida Lund\n\n4 March 2026\n\nPears are sold by the crate.\n"
    (draft,) = load_all(text.encode(), "a.txt").drafts
    assert (draft.author, draft.published) == ("Ida Lund", "2026-03-04")
    assert [heading.span.of(text) for heading in draft.headings] == ["The market"]
