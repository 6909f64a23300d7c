"""The vectors: FAISS indexes over a library's embeddings, derived from the catalogue."""

import threading

import faiss
import numpy as np

from index.embedding.sentence_transformers import Floats
from index.sqlite.snapshot import Ids, View

BATCH = 1024
"""Paragraphs whose vectors are read from the catalogue at once."""


class Vectors:
    """Exact inner-product search over sentence vectors.

    Every row carries its paragraph's id. The rows are brought to the revision of the view that a
    search is given before it looks at them, so a search never mixes two revisions.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._rows = faiss.IndexIDMap(faiss.IndexFlatIP(self._dimensions))
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._revision = ""

    def nearest(self, view: View, query: Floats, count: int, within: Ids | None = None) -> Ids:
        """The ids, ascending, of the paragraphs that the ``count`` nearest sentences stand in.

        ``query`` is (dimensions,) of length 1; ``within`` limits the search to these paragraphs.
        """
        with self._lock:
            self._follow(view)
            return np.unique(_search(self._rows, query, count, within))

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
        if len(gone):
            self._rows.remove_ids(faiss.IDSelectorBatch(gone))
        for first in range(0, len(new), BATCH):
            self._add(view, new[first : first + BATCH])
        self._ids, self._revision = ids, view.revision

    def _add(self, view: View, ids: Ids) -> None:
        vectors = list(view.sentence_embeddings(ids.tolist()))
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
