"""The catalogue: one SQLite file that holds all that a library knows.

Articles, their parts, what the embedder made of them, and the words (FTS5, BM25, Porter stems).
It is the truth; the FAISS vectors are derived from it. One article goes in or out in one
transaction, and a reader sees one revision for as long as its transaction lasts.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.embedding.embedder import Embedder
from index.errors import EmbedderMismatch, LibraryError, LibraryMissing
from index.library import Pause
from index.sqlite.database import LOCK_SECONDS, Database
from index.sqlite.format import require_format
from index.sqlite.schema import FILE_NAME, create_tables
from index.sqlite.snapshot import SQLiteSnapshot
from index.sqlite.vectors import Vectors
from index.sqlite.writer import SQLiteWriter


def require(folder: Path) -> None:
    """Raises ``LibraryMissing`` if the folder holds no library, before models are loaded for it."""
    if not os.path.exists(folder / FILE_NAME):
        raise _missing(folder)


def _missing(folder: Path) -> LibraryMissing:
    return LibraryMissing(
        f"there is no library in {str(folder)!r}: take in articles with "
        f"'pullquote index PATH... --library {folder}'"
    )


class Catalogue:
    """A library's SQLite file, opened for reading or writing a transaction at a time.

    Of the embedder only the name is asked, but for a library that is made anew; None stands for
    whichever the library was built with, to read its articles and not to search. Raises
    ``LibraryMissing``, ``LibraryTooNew``, ``LibraryTooOld``, ``LibraryCorrupt`` or
    ``EmbedderMismatch`` when it cannot be used with this embedder.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None,
        *,
        create: bool = False,
        wait: float = LOCK_SECONDS,
    ) -> None:
        self.path = folder / FILE_NAME
        self._database = Database(self.path, wait)
        # Threads wait for each other as long as it takes, and only processes give up.
        self._turn = threading.RLock()
        self._batches = 0
        self._log_holds_removed = False
        if create and embedder and self._is_blank():
            self._create(embedder)
        if self._is_blank():
            raise _missing(folder)
        with self._database.reading() as connection:
            snapshot = SQLiteSnapshot(connection)
            require_format(snapshot, self.path)
            self.embedder, self.dimensions = snapshot.embedder
        if embedder and embedder.name != self.embedder:
            raise self._mismatch(f"{embedder.name!r}")
        self._vectors = Vectors(self.dimensions)

    def require_dimensions(self, dimensions: int) -> None:
        """Raises ``EmbedderMismatch`` unless the library's vectors have as many."""
        if dimensions != self.dimensions:
            raise self._mismatch(f"{self.embedder!r} ({dimensions})")

    def _mismatch(self, embedder: str) -> EmbedderMismatch:
        folder, built_with = self.path.parent, self.embedder
        return EmbedderMismatch(
            f"the library in {str(folder)!r} was built with {built_with!r} ({self.dimensions} "
            f"dimensions) but the embedder is {embedder}: set PULLQUOTE_EMBEDDER={built_with}, or "
            f"have its texts embedded anew with 'pullquote rebuild --library {folder}'"
        )

    @contextmanager
    def reading(self) -> Iterator[SQLiteSnapshot]:
        with self._database.reading() as connection:
            yield SQLiteSnapshot(connection, self.dimensions, self._vectors)

    @contextmanager
    def writing(self, pause: Pause | None = None) -> Iterator[SQLiteWriter]:
        """One change to the library: all of it, or nothing when the block or ``pause`` raises.

        Of what it removes nothing stays in the file or its log, unless a batch goes on, or a
        reader of an older revision outstays us, who still needs it; then it goes after the next
        change.
        """
        with self._turn:
            with self._database.writing(pause) as connection:
                change = SQLiteWriter(connection)
                yield change
                if self._batches and change.erases:
                    change.mark_removed()
                elif change.holds_removed:
                    change.erase()
            self._log_holds_removed |= change.erases
            self._empty_log()

    @contextmanager
    def batch(self) -> Iterator[None]:
        with self._turn:
            self._batches += 1
        try:
            yield
        finally:
            with self._turn:
                self._batches -= 1
                if self._log_holds_removed and not self._batches:
                    with self.writing():
                        pass

    def _empty_log(self) -> None:
        if self._log_holds_removed and not self._batches:
            self._log_holds_removed = not self._database.empty_log()

    def _is_blank(self) -> bool:
        """Whether there is no library, or only the file of one whose making was broken off."""
        if not os.path.exists(self.path):
            return True
        with self._database.reading() as connection:
            return SQLiteSnapshot(connection).is_blank

    def _create(self, embedder: Embedder) -> None:
        dimensions = embedder.dimensions
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"the library's folder {str(self.path.parent)!r} cannot be made "
                f"({error.strerror}): give another with --library"
            ) from error
        self._database.use_log()
        with self._database.writing() as connection:
            if SQLiteSnapshot(connection).is_blank:  # no one else was faster
                create_tables(connection, embedder.name, dimensions)
