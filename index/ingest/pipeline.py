"""A pipeline: what is worked on in threads, ahead of who takes it, in order and within bounds."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def threads(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """Threads for ``ahead``. At the end what has not begun is dropped, what has is waited for."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def ahead(
    pool: ThreadPoolExecutor,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    limit: int,
) -> Iterator[Result]:
    """``map(function, items)``, in order, with up to ``limit`` items begun and not yet yielded.

    An item is taken only when there is room for it, and a result that is there is yielded before
    the next item is waited for. What ``function`` or ``items`` raise is raised in its turn.
    """
    pending: deque[Future[Result]] = deque()
    for item in items:
        pending.append(pool.submit(function, item))
        while pending and (pending[0].done() or len(pending) >= limit):
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
