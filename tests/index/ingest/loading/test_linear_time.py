"""Hostile texts: twice as much of them takes about twice as long, not four times."""

import time
from collections.abc import Callable

import pytest

from index.ingest.loading.html import blocks_of_html
from index.ingest.loading.scripts import Run, joined
from index.ingest.loading.title import clean
from index.ingest.segmenting import split_plain
from index.questions import questions_in

CASES: dict[str, tuple[Callable[[str], object], Callable[[int], str], int]] = {
    "spaces": (clean, lambda n: " " * n + "a", 100_000),
    "lines of spaces": (clean, lambda n: " \n" * n + "a", 100_000),
    "form feeds": (split_plain, lambda n: "a\f" * n, 5_000),
    "points in words": (split_plain, lambda n: "a.b" * n, 20_000),
    "ellipses": (split_plain, lambda n: "… A" * n, 3_000),
    "attributes": (blocks_of_html, lambda n: "<p " + " a=1" * n + ">a", 20_000),
    "hidden spans": (blocks_of_html, lambda n: "<p>" + "<b hidden>x</b>y " * n, 2_000),
    "braces in a style sheet": (
        blocks_of_html,
        lambda n: "<style>" + ".a{display:none" * n + "</style><p>a",
        5_000,
    ),
    "nested formulas": (
        blocks_of_html,
        lambda n: "<p><math>" + "<mrow>" * (n // 100) + "<mi>x</mi>",
        2_000,
    ),
    "raised characters": (lambda text: joined([Run(text, 1)] * 9), lambda n: "1,2" * n, 20_000),
    "question marks": (questions_in, lambda n: "who? " * n, 2_000),
}


@pytest.mark.parametrize("name", CASES)
def test_twice_the_text_takes_no_four_times_as_long(name: str) -> None:
    work, text, size = CASES[name]
    work(text(100))

    def seconds(given: str) -> float:
        start = time.process_time()
        work(given)
        return time.process_time() - start

    least = min(seconds(text(size)) for _ in range(3))
    assert min(seconds(text(4 * size)) for _ in range(2)) < 10 * least + 0.1
