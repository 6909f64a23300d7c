"""Passes of a model: several at once, each computed by a single thread.

What a pass gives depends, in its last bits, on what shares it and on how many threads compute it.
The first is settled by the model (see ``index.embedding.model``) and the second is always one. So
an article's embedding is the same bits whatever else goes in at the same time and on however many
cores, and all cores are busy nonetheless: single threads, each with a pass of its own, get more
done than threads that share one.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Passes:
    """So many threads for passes; each has called ``prepare`` before the first one begins."""

    def __init__(self, count: int, prepare: Callable[[], object] = lambda: None) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="embedding")
        all_started = threading.Barrier(count + 1)

        def start() -> None:
            prepare()
            all_started.wait()

        for _ in range(count):
            self._pool.submit(start)
        all_started.wait()

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
