"""Passes: each in a thread that computes by itself, and nothing else is slowed down."""

import threading

import pytest

from index.embedding.passes import Passes


def test_every_thread_is_prepared_before_the_first_pass() -> None:
    prepared: list[int] = []
    passes = Passes(3, lambda: prepared.append(threading.get_ident()))
    assert len(set(prepared)) == 3
    assert set(passes.run(lambda _: threading.get_ident(), range(6))) <= set(prepared)


def test_passes_run_at_once_and_come_in_order() -> None:
    both = threading.Barrier(2)

    def run(batch: int) -> int:
        both.wait(10)
        return batch * batch

    assert Passes(2).run(run, range(6)) == [0, 1, 4, 9, 16, 25]


def test_an_error_drops_the_passes_that_have_not_begun_and_spoils_nothing() -> None:
    begun, hold = [], threading.Event()

    def run(batch: int) -> int:
        begun.append(batch)
        if batch == 0:
            raise KeyError(batch)
        hold.wait(10)
        return batch

    passes = Passes(1)
    with pytest.raises(KeyError):
        passes.run(run, range(1000))
    hold.set()
    assert passes.run(run, [5]) == [5]
    assert len(begun) <= 3
