"""The library: the port through which ``qa`` sees articles and passages.

Each engine implements it (``index.sqlite.library`` is one); ``index.engine`` has what they share.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from index.article import Article, Draft, Filters, Passage, Structure
from index.embedding.embedder import Floats
from index.search.ranking import By
from index.search.snapshot import Counts, Page

Pause = Callable[[], None]
"""What long work calls again and again: it may wait there, or be ended by an exception."""


def go_on() -> None:
    """A pause that is none."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of a draft."""

    status: Literal["added", "replaced", "unchanged"]
    article: Article


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that a search found, best first, and the library's revision it searched."""

    passages: tuple[Passage, ...]
    revision: str


class Library(Protocol):
    """Articles in, passages out. Safe to use from several threads."""

    @property
    def embedder(self) -> str:
        """The name of the embedding model."""

    @property
    def revision(self) -> str:
        """Names the library's content: equal revisions hold equal articles."""

    def add(self, draft: Draft, pause: Pause = go_on) -> Addition:
        """Ingest an article; one with the same id is replaced, the same text changes nothing.

        ``pause`` is called between slices of the work; when it raises, nothing has changed.
        """

    def remove(self, article_id: str, pause: Pause = go_on) -> None:
        """Remove an article, with pauses as in ``add``. Raises ``ArticleNotFound``."""

    def batch(self) -> AbstractContextManager[None]:
        """For many changes in a row: each is there at once, and what they remove is gone from
        the last byte when the block ends rather than after each."""

    def get(self, article_id: str) -> Article:
        """Raises ``ArticleNotFound``."""

    def whole(self, article_id: str) -> tuple[Article, Structure]:
        """An article with its parts, both of one revision. Raises ``ArticleNotFound``."""

    def sentence_vectors(self, article_id: str) -> list[Floats]:
        """For each paragraph of an article its sentences' vectors, (sentences, dimensions), each
        of length 1. Raises ``ArticleNotFound``."""

    def summaries(self, offset: int = 0, limit: int = 50, matching: str = "") -> Page:
        """Articles without their texts, by title and id: those whose title or source holds
        ``matching``, in any case."""

    def counts(self) -> Counts:
        """How many articles and how many paragraphs there are, without counting them."""

    def search(
        self, query: str, top_k: int, filters: Filters | None = None, by: By = "fused"
    ) -> Found:
        """The ``top_k`` paragraphs that best match the query."""
