"""The vectors: FAISS indexes over a library's embeddings, derived from the catalogue."""

import threading

import faiss
import numpy as np
from numpy.typing import NDArray

from index.catalogue import Ids, View
from index.embedding import Floats

BATCH_ROWS = 4096


class Vectors:
    """Exact inner-product search over window and sentence vectors.

    Every row carries its paragraph's id. The rows are brought to the revision of the view that a
    search is given before it looks at them, so a search never mixes two revisions.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._windows = faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimensions))
        self._sentences = faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimensions))
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._revision = ""

    def nearest(self, view: View, query: Floats, count: int, within: Ids | None = None) -> Ids:
        """The ids of paragraphs with a window or a sentence among the nearest ``count`` of each.

        ``query`` is (dimensions,) of length 1; ``within`` limits the search to these paragraphs.
        """
        with self._lock:
            self._follow(view)
            found = [
                _search(rows, query, count, within) for rows in (self._windows, self._sentences)
            ]
        return np.unique(np.concatenate(found))

    def _follow(self, view: View) -> None:
        """Bring the rows to the view's revision, or leave none when that fails."""
        if view.revision == self._revision:
            return
        try:
            self._catch_up(view)
        except BaseException:
            self._clear()
            raise

    def _catch_up(self, view: View) -> None:
        """Add and remove the rows that the catalogue has gained and lost."""
        ids = view.paragraph_ids()
        gone, new = np.setdiff1d(self._ids, ids), np.setdiff1d(ids, self._ids)
        for rows in (self._windows, self._sentences):
            if len(gone):
                rows.remove_ids(faiss.IDSelectorBatch(gone))
        for first in range(0, len(new), BATCH_ROWS):
            self._add(view, new[first : first + BATCH_ROWS])
        self._ids, self._revision = ids, view.revision

    def _add(self, view: View, ids: Ids) -> None:
        windows, sentences = [], []
        for paragraph_id, window_vectors, sentence_vectors in view.embeddings(ids):
            windows.append((paragraph_id, window_vectors))
            sentences.append((paragraph_id, sentence_vectors))
        for rows, found in ((self._windows, windows), (self._sentences, sentences)):
            repeats = [len(vectors) for _, vectors in found]
            rows.add_with_ids(
                np.concatenate([vectors for _, vectors in found]),
                np.repeat(np.array([paragraph_id for paragraph_id, _ in found]), repeats),
            )


def _search(rows: faiss.Index, query: Floats, count: int, within: Ids | None) -> NDArray[np.int64]:
    chosen = None
    if within is not None:
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(within))  # type: ignore[call-arg]  # its keywords are set at run time
    _, ids = rows.search(query[np.newaxis], min(count, max(1, rows.ntotal)), params=chosen)
    found: NDArray[np.int64] = ids[0][ids[0] >= 0]
    return found
