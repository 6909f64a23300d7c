"""Progress: a bar on stderr while something long runs, and only on a terminal."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

Report = Callable[[str, int, int], None]
"""Called with what is done, how much of it, of how much."""

CountedReport = Callable[[int, int, int], None]
"""Called with how much is done, of how much, and how many things that made."""

WINDOW = 30.0
"""Seconds over which a rate is taken, as rich does for the time left."""


@contextmanager
def progress_bars(console: Console | None = None) -> Iterator[Report]:
    """Yield a function to report to; each thing that is done gets its own bar, on stderr."""
    with _bars(console, MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        tasks = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


@contextmanager
def counted_bar(what: str, things: str, console: Console | None = None) -> Iterator[CountedReport]:
    """Yield a function to report to; the bar shows how many things, their rate and the time left.

    For work whose parts are of unlike size, such as files by their bytes.
    """
    count = TextColumn("{task.fields[count]:,} " + things + ", {task.fields[rate]:,.1f} a second")
    with _bars(console, TaskProgressColumn(), count, TimeRemainingColumn()) as bars:
        task = bars.add_task(what, total=None, count=0, rate=0.0)
        rate = Rate()

        def report(done: int, total: int, count: int) -> None:
            bars.update(task, completed=done, total=total, count=count, rate=rate.after(count))

        yield report


def _bars(console: Console | None, *columns: ProgressColumn) -> Progress:
    console = console or Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        # What is printed meanwhile stands above the bar, but goes where it was sent.
        redirect_stdout=sys.stdout.isatty(),
    )


class Rate:
    """How many things a second there were of late."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen = deque([(clock(), 0)])

    def after(self, count: int) -> float:
        """The rate over the last ``WINDOW`` seconds, now that there are ``count`` in all."""
        now = self._clock()
        self._seen.append((now, count))
        while len(self._seen) > 2 and self._seen[1][0] < now - WINDOW:
            self._seen.popleft()
        began, before = self._seen[0]
        return (count - before) / (now - began) if now > began else 0.0
