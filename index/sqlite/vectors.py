"""The vectors: FAISS indexes over a library's embeddings, derived from the catalogue."""

import threading
from typing import Protocol

import faiss
import numpy as np

from index.embedding.embedder import Floats
from index.search.snapshot import Ids

BATCH = 1024
"""Paragraphs whose vectors are read from the catalogue at once."""


class Stored(Protocol):
    """One revision of the catalogue's embeddings."""

    @property
    def revision(self) -> str: ...

    def paragraph_ids(self) -> Ids: ...

    def sentence_embeddings(self, ids: Ids) -> list[Floats]: ...


class Vectors:
    """Exact inner-product search over sentence vectors.

    Every row carries its paragraph's id. The rows are brought to the revision that a search is
    given before it looks at them, so a search never mixes two revisions.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._rows = faiss.IndexIDMap(faiss.IndexFlatIP(self._dimensions))
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._revision = ""

    def nearest(self, stored: Stored, query: Floats, count: int, within: Ids | None = None) -> Ids:
        """The ids, ascending, of the paragraphs that the ``count`` nearest sentences stand in.

        ``query`` is (dimensions,) of length 1; ``within`` limits the search to these paragraphs.
        """
        with self._lock:
            self._follow(stored)
            return np.unique(_search(self._rows, query, count, within))

    def _follow(self, stored: Stored) -> None:
        """Bring the rows to the revision of what is stored, or leave none when that fails."""
        if stored.revision == self._revision:
            return
        try:
            self._catch_up(stored)
        except BaseException:
            self._clear()
            raise

    def _catch_up(self, stored: Stored) -> None:
        """Add and remove the rows that the catalogue has gained and lost."""
        ids = stored.paragraph_ids()
        gone, new = np.setdiff1d(self._ids, ids), np.setdiff1d(ids, self._ids)
        if len(gone):
            self._rows.remove_ids(faiss.IDSelectorBatch(gone))
        for first in range(0, len(new), BATCH):
            self._add(stored, new[first : first + BATCH])
        self._ids, self._revision = ids, stored.revision

    def _add(self, stored: Stored, ids: Ids) -> None:
        vectors = stored.sentence_embeddings(ids)
        repeats = [len(sentences) for sentences in vectors]
        self._rows.add_with_ids(np.concatenate(vectors), np.repeat(ids, repeats))


def _search(rows: faiss.Index, query: Floats, count: int, within: Ids | None) -> Ids:
    """The ids of the nearest rows, and of all that are as near as the last of them.

    So which ids are found does not depend on the order in which the rows were added.
    """
    chosen = None
    if within is not None:
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(within))  # type: ignore[call-arg]  # its keywords are set at run time
    scores, ids = rows.search(query[np.newaxis], count + 1, params=chosen)
    nearest: Ids = ids[0][ids[0] >= 0]
    if len(nearest) <= count or scores[0, count] < scores[0, count - 1]:
        return nearest[:count]
    beyond = float(np.nextafter(scores[0, count], np.float32(-np.inf)))
    _, _, tied = rows.range_search(query[np.newaxis], beyond, params=chosen)
    return np.union1d(nearest, tied)
