"""Ctrl-C: the first ends the work in good order, the second at once."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from qa.cli.progress import Report, progress_bars

STOPPING = "stopping: what is at hand is finished first; Ctrl-C again stops at once"


@contextmanager
def interruptible_progress() -> Iterator[Report]:
    """Like ``progress_bars``; an interrupt ends the work at its next report."""
    with ending_in_order() as stop_if_pressed, progress_bars() as show:

        def report(what: str, done: int, total: int) -> None:
            show(what, done, total)
            stop_if_pressed()

        yield report


@contextmanager
def ending_in_order() -> Iterator[Callable[[], None]]:
    """Within, an interrupt is answered with what it does, and another one kills.

    The first raises ``KeyboardInterrupt`` only where the function is called that is yielded. Raised
    wherever it comes, as Python does, it leaves locks that are being taken held for good, and the
    threads that need them waiting.

    Nothing is lost when the second kills: what is not in the library yet goes in with the next run.
    """
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with suppress(OSError):  # past Python's own buffer, which may be being written to
            os.write(sys.__stderr__.fileno(), f"{STOPPING}\n".encode())  # type: ignore[union-attr]

    def stop_if_pressed() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield stop_if_pressed
    finally:
        signal.signal(signal.SIGINT, before)
