"""The pipeline: in order, ahead, within bounds, and stopped in good order."""

import threading
from collections.abc import Iterator

import pytest

from index.ingest.pipeline import ahead, threads


def test_results_come_in_the_order_of_the_items_however_long_each_takes() -> None:
    last = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            last.wait(10)
        if item == 3:
            last.set()
        return item * item

    with threads(2, "test") as pool:
        assert list(ahead(pool, work, range(4), 4)) == [0, 1, 4, 9]


def test_no_more_than_the_limit_is_begun_and_not_yet_yielded() -> None:
    begun = []

    def items() -> Iterator[int]:
        for number in range(20):
            begun.append(number)
            yield number

    hold = threading.Event()
    with threads(1, "test") as pool:
        results = ahead(pool, lambda item: hold.wait(10) and item, items(), 3)
        threading.Timer(0.1, hold.set).start()
        for number, _ in enumerate(results):
            assert len(begun) <= number + 3
    assert len(begun) == 20


def test_a_result_that_is_there_is_not_held_back_by_an_item_that_is_waited_for() -> None:
    told: list[int] = []
    first_is_done, release = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        yield 1
        assert first_is_done.wait(10)
        yield 2
        assert told == [1]
        yield 3

    def work(item: int) -> int:
        if item == 2:
            release.wait(10)
        first_is_done.set()
        return item

    with threads(2, "test") as pool:
        for result in ahead(pool, work, items(), 10):
            told.append(result)
            release.set()
    assert told == [1, 2, 3]


def test_an_error_is_raised_in_its_turn_and_what_has_not_begun_is_dropped() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 1:
            raise KeyError(item)
        return item

    told: list[int] = []
    with pytest.raises(KeyError), threads(1, "test") as pool:
        told.extend(ahead(pool, work, range(1000), 2))
    assert told == [0]
    assert len(begun) < 10


def test_who_stops_early_waits_for_what_has_begun_and_for_nothing_else() -> None:
    ended, started = [], threading.Event()

    def work(item: int) -> int:
        started.set()
        ended.append(item)
        return item

    with threads(1, "test") as pool:
        results = ahead(pool, work, range(100), 50)
        next(results)
        assert started.wait(10)
    assert ended == list(range(len(ended)))
    assert len(ended) <= 51
