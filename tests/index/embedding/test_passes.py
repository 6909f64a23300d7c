"""Passes: each in a thread that computes by itself, and nothing else is slowed down."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from index.embedding.passes import Passes


def test_a_pass_is_computed_by_one_thread_and_all_else_by_as_many_as_before() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        passes = Passes(3)
        assert passes.run(lambda _: torch.get_num_threads(), range(6)) == [1] * 6
        assert torch.get_num_threads() == 2
        with ThreadPoolExecutor(1) as new:
            assert new.submit(torch.get_num_threads).result() == 2
        assert passes.run(lambda _: torch.get_num_threads(), range(6)) == [1] * 6
    finally:
        torch.set_num_threads(before)


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
