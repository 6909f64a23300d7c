"""Passes of a model: several at once, each computed by a single thread.

What a pass gives depends, in its last bits, on what shares it and on how many threads compute it.
Here the first is settled by the article alone and the second is always one. So an article's
embedding is the same bits whatever else goes in at the same time and on however many cores, and
all cores are busy nonetheless: single threads, each with a pass of its own, get more done than
threads that share one.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Passes:
    """So many threads in which PyTorch computes by itself; everywhere else it is left as it is."""

    def __init__(self, count: int | None = None) -> None:
        import torch

        default = torch.get_num_threads()
        count = count or default
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="embedding")
        all_started = threading.Barrier(count + 1)

        def start() -> None:
            torch.get_num_threads()  # only then does a thread take a number of its own
            torch.set_num_threads(1)
            all_started.wait()

        for _ in range(count):
            self._pool.submit(start)
        all_started.wait()
        torch.set_num_threads(default)  # for threads to come, which take the number set last

    def run(self, function: Callable[[Batch], Result], batches: Iterable[Batch]) -> list[Result]:
        """What ``function`` makes of each batch, in order. Safe to call from several threads.

        Not from within ``function``. When one raises, those that have not begun are dropped.
        """
        futures = [self._pool.submit(function, batch) for batch in batches]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()
