"""The embedded engine's library: a folder in which SQLite holds it and FAISS finds in it."""

from pathlib import Path

from index.embedding.embedder import Embedder
from index.engine import EngineLibrary
from index.sqlite.catalogue import Catalogue


class SQLiteLibrary(EngineLibrary):
    """A library in a folder.

    Raises ``LibraryMissing`` when there is none and ``create`` is false, and the other
    ``LibraryError`` when it cannot be used.
    """

    def __init__(self, folder: Path, embedder: Embedder, *, create: bool = False) -> None:
        super().__init__(Catalogue(folder, embedder, create=create), embedder)
        self.folder = folder
