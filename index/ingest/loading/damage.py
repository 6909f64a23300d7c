"""Damaged files: whatever a parser of a foreign format trips over is one refused file."""

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import PullquoteError, UnreadableFile


@contextmanager
def refusing(name: str, format_: str) -> Iterator[None]:
    """Makes of any error of a parser an ``UnreadableFile`` that names the file and its format.

    Parsers raise all kinds of errors over bytes that somebody made up. Memory that has run out
    is no damage, and is for the process's keeper.
    """
    try:
        yield
    except (PullquoteError, MemoryError):
        raise
    except RecursionError as error:
        raise _damaged(name, format_, "it is nested too deep") from error
    except Exception as error:
        raise _damaged(name, format_, f"{type(error).__name__}: {error}") from error


def _damaged(name: str, format_: str, why: str) -> UnreadableFile:
    short = " ".join(why.split())[:200]
    return UnreadableFile(
        f"{name!r} cannot be read as {format_} ({ascii(short)[1:-1]}): open it in the program it "
        "is from, and save it again",
        field="file",
    )
