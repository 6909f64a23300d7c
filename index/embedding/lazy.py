"""An embedder that is loaded when something is embedded, so that who only reads loads none."""

import threading
from collections.abc import Callable, Sequence

from index.embedding.sentence_transformers import (
    Embedded,
    EmbeddedQuery,
    Embedder,
    ParagraphText,
)


class LazyEmbedder:
    """Knows its name at once, and all else once ``load`` has given the embedder.

    What ``load`` raises is raised by whatever asks for more than the name.
    """

    def __init__(self, name: str, load: Callable[[], Embedder]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Embedder | None = None

    @property
    def dimensions(self) -> int:
        return self.loaded().dimensions

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        return self.loaded().embed(passages)

    def embed_query(self, query: str) -> EmbeddedQuery:
        return self.loaded().embed_query(query)

    def loaded(self) -> Embedder:
        """The embedder itself; loaded once, however many threads ask for it."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded
