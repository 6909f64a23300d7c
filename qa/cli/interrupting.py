"""Ctrl-C: the first ends the work in good order, the second at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer


@contextmanager
def ending_in_order(message: str) -> Iterator[None]:
    """Within, an interrupt says ``message`` and raises ``KeyboardInterrupt``; another one kills.

    Nothing is lost when it does: what is not in the library yet goes in with the next run.
    """

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        typer.echo(message, err=True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
