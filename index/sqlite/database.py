"""The database: connections to a library's SQLite file, and its errors in our own words."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from index.errors import LibraryCorrupt, LibraryError, LibraryLocked, LibraryUnavailable
from index.sqlite.lock import writers_lock

LOCK_SECONDS = 5.0
"""How long a writer waits for another one."""


STEPS = 1_000
"""SQLite's own steps between two pauses of a change: about a tenth of a millisecond."""


class Database:
    """An SQLite file, opened for reading or writing a transaction at a time.

    Raises ``LibraryLocked``, ``LibraryCorrupt`` or another ``LibraryError`` where SQLite has an
    error.
    """

    def __init__(self, path: Path, wait: float = LOCK_SECONDS) -> None:
        self.path = path
        self.wait = wait

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One revision of the file, unchanged until the block ends; never waits for a writer."""
        with self.connection() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self, pause: Callable[[], None] | None = None) -> Iterator[sqlite3.Connection]:
        """One change: all of it, or nothing when the block raises. Others wait for their turn.

        ``pause`` is called again and again while SQLite works, and may raise to end the change.
        """
        with self._alone(), self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            with _pausing(connection, pause):
                yield connection
            connection.execute("COMMIT")

    @contextmanager
    def connection(self, mode: Literal["rw", "rwc"] = "rw") -> Iterator[sqlite3.Connection]:
        """A connection; what it did not commit is undone. Only with "rwc" may it make the file."""
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=self.wait,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise self.explained(error) from error
        except UnicodeDecodeError as error:  # of a message that quotes what is damaged
            told = error.object.decode("utf-8", "replace")
            raise self.explained(sqlite3.DatabaseError(told)) from error

    def use_log(self) -> None:
        """Let readers and a writer work at once, from now on; makes the file.

        SQLite itself does not wait here when another process is making the same library.
        """
        give_up = time.monotonic() + self.wait
        with self.connection("rwc") as connection:
            while True:
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                    return
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > give_up:
                        raise
                time.sleep(0.01)

    def empty_log(self) -> bool:
        """Bring all that the log holds into the file, overwrite what it replaces, and empty it.

        False when a reader of an older revision did not end in time, who still needs the log.
        """
        with self.connection() as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(writers_lock(self.path.parent, self.wait))
            except OSError as error:
                raise self._unusable(error.strerror or error) from error
            yield

    def explained(self, error: Exception) -> LibraryError:
        """SQLite's error as ours, with the remedy."""
        if _is_busy(error):
            return LibraryLocked(
                f"another process is writing to {str(self.path)!r} and did not finish in "
                f"{self.wait:g} seconds: wait for it to end, then try again"
            )
        if _primary_code(error) in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_PERM,
        ):
            return self._unusable(error)
        return LibraryCorrupt(
            f"{str(self.path)!r} is damaged or is not a library ({error}): 'pullquote check "
            f"--library {self.path.parent}' says what is broken, and 'pullquote rebuild --library "
            f"{self.path.parent}' saves what can be saved"
        )

    def _unusable(self, why: object) -> LibraryError:
        return LibraryUnavailable(
            f"{str(self.path)!r} cannot be opened or written ({why}): check that its folder "
            "exists, is yours to write and has room"
        )


@contextmanager
def _pausing(connection: sqlite3.Connection, pause: Callable[[], None] | None) -> Iterator[None]:
    """Within, SQLite calls ``pause`` after every so many of its steps; what it raises is raised."""
    raised: list[BaseException] = []

    def step() -> int:
        try:
            if pause:
                pause()
        except BaseException as error:
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(step if pause else None, STEPS)
    try:
        yield
    except sqlite3.Error:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _primary_code(error: Exception) -> int:
    """SQLite's result code without its extension; 0 for errors of the Python module itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_busy(error: Exception) -> bool:
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
