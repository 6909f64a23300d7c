"""The writer's lock: one process writes to a library at a time, and the others learn which.

The operating system holds the lock and lets go of it when its process ends, in whatever way. What
the file beside it says counts only while the lock is held, so that nothing stale is believed.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryLocked

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"


@contextmanager
def writers_lock(folder: Path, wait: float) -> Iterator[None]:
    """Hold the lock of the library in ``folder``.

    Raises ``LibraryLocked``, with who holds it, after ``wait`` seconds, and ``OSError`` when the
    folder cannot be written.
    """
    os.stat(folder)  # one that has vanished is not to be made anew, which the lock would do
    lock = FileLock(folder / LOCK_NAME, timeout=wait, poll_interval=0.02, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryLocked(
            f"{_holder(folder)} is writing to the library in {str(folder)!r} and did not finish in "
            f"{wait:g} seconds: wait for it to end, then try again"
        ) from None
    try:
        _tell(folder)
        yield
    finally:
        lock.release()


def _tell(folder: Path) -> None:
    """Say who holds the lock: written aside and moved, so that nobody reads half of it."""
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    aside = folder / f"{HOLDER_NAME}.new"
    aside.write_text(json.dumps({"pid": os.getpid(), "since": now}), encoding="utf-8")
    os.replace(aside, folder / HOLDER_NAME)


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / HOLDER_NAME).read_text(encoding="utf-8"))
        return f"process {holder['pid']} (since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
