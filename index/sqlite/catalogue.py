"""The catalogue: one SQLite file that holds all that a library knows.

Articles, their parts, what the embedder made of them, and the words (FTS5, BM25, Porter stems).
It is the truth; the FAISS vectors are derived from it. One article goes in or out in one
transaction, and a reader sees one revision for as long as its transaction lasts.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.embedding.sentence_transformers import Embedder
from index.errors import (
    EmbedderMismatch,
    LibraryCorrupt,
    LibraryError,
    LibraryMissing,
    LibraryTooNew,
)
from index.sqlite.check import check
from index.sqlite.database import LOCK_SECONDS, Database
from index.sqlite.migration import migrate
from index.sqlite.schema import APPLICATION_ID, FILE_NAME, FORMAT_VERSION, create_tables
from index.sqlite.snapshot import View, as_it_was_written
from index.sqlite.writer import Draftsman


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

    One of an older format is brought to this one. Raises ``LibraryMissing``, ``LibraryTooNew``,
    ``LibraryCorrupt`` or ``EmbedderMismatch`` when it cannot be used with this embedder.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, *, create: bool, wait: float = LOCK_SECONDS
    ) -> None:
        self.path = folder / FILE_NAME
        self._database = Database(self.path, wait)
        self._embedder = embedder
        self._log_holds_removed = False
        if create and self._is_blank():
            self._create()
        if self._is_blank():
            raise _missing(folder)
        with self.reading() as view:
            version = self._check(view)
        if version < FORMAT_VERSION:
            self._migrate()

    @contextmanager
    def reading(self) -> Iterator[View]:
        """One revision of the library, unchanged until the block ends."""
        with self._damage_told(), self._database.reading() as connection:
            yield View(connection, self._embedder.dimensions)

    @contextmanager
    def writing(self, pause: Callable[[], None] | None = None) -> Iterator[Draftsman]:
        """One change to the library: all of it, or nothing when the block or ``pause`` raises.

        Of what it removes nothing stays in the file or its log, unless a reader of an older
        revision outstays us, who still needs it; then it goes after the next change.
        """
        with self._damage_told(), self._database.writing(pause) as connection:
            change = Draftsman(connection, self._embedder.dimensions)
            yield change
            change.finish()
        self._log_holds_removed |= change.erases
        if self._log_holds_removed:
            self._log_holds_removed = not self._database.empty_log()

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        """Say of what goes wrong over the library's content that it is damaged, if so it is.

        Damage may show anywhere as a value that nobody wrote. What a check finds is to blame; when
        it finds nothing, the fault is ours.
        """
        try:
            yield
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            faults = check(self.path.parent)
            if not faults:
                raise
            raise self._database.explained(sqlite3.DatabaseError(faults[0].what)) from error

    def _is_blank(self) -> bool:
        """Whether there is no library, or only the file of one whose making was broken off."""
        if not os.path.exists(self.path):
            return True
        with self.reading() as view:
            return view.is_blank

    def _create(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"the library's folder {str(self.path.parent)!r} cannot be made "
                f"({error.strerror}): give another with --library"
            ) from error
        self._database.use_log()
        with self._database.writing() as connection:
            if View(connection, self._embedder.dimensions).is_blank:  # no one else was faster
                create_tables(connection, self._embedder.name, self._embedder.dimensions)

    def _migrate(self) -> None:
        with (
            self._database.writing() as connection,
            as_it_was_written("the library of format", 1),
        ):
            migrate(connection)
        self._database.empty_log()

    def _check(self, view: View) -> int:
        """The format's version. Raise unless it is a library that this embedder can use."""
        application, version = view.file_format
        if application != APPLICATION_ID:
            raise LibraryCorrupt(
                f"{str(self.path)!r} is an SQLite database but not a library: give another folder "
                "with --library"
            )
        if version > FORMAT_VERSION:
            raise LibraryTooNew(
                f"the library in {str(self.path.parent)!r} has format {version}, and this "
                f"Pullquote knows formats up to {FORMAT_VERSION}: upgrade Pullquote, or give "
                "another folder with --library"
            )
        name, dimensions = view.embedder
        if (name, dimensions) != (self._embedder.name, self._embedder.dimensions):
            raise EmbedderMismatch(
                f"the library in {str(self.path.parent)!r} was built with {name!r} ({dimensions} "
                f"dimensions) but the embedder is {self._embedder.name!r} "
                f"({self._embedder.dimensions}): set PULLQUOTE_EMBEDDER={name}, or have its texts "
                f"embedded anew with 'pullquote rebuild --library {self.path.parent}'"
            )
        return version
