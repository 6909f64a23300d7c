"""Search: from a query to ranked passages, the same over every engine's snapshots."""

from index.article import Filters
from index.embedding.embedder import EmbeddedQuery
from index.library import Found
from index.search.candidates import Candidates, find_candidates
from index.search.passages import Ranked, passages_of
from index.search.ranking import ALONE, FIRST, FUSED, By, fuse
from index.search.snapshot import Snapshot

INTERACTING = 50
"""Candidates whose tokens are compared with the query's: as many as a search returns at most."""


def search(
    snapshot: Snapshot,
    query: str,
    embedded: EmbeddedQuery,
    top_k: int,
    filters: Filters | None = None,
    by: By = "fused",
) -> Found:
    """The ``top_k`` paragraphs that best match the query, of those that pass the filters."""
    allowed = snapshot.paragraph_ids(filters) if filters else None
    candidates = find_candidates(snapshot, query, embedded, allowed)
    ranked = _ranked(snapshot, embedded, candidates, by)
    return Found(passages_of(snapshot, ranked, top_k, filters), snapshot.revision)


def _ranked(
    snapshot: Snapshot, query: EmbeddedQuery, candidates: Candidates, by: By
) -> list[Ranked]:
    """The most promising candidates with their scores."""
    first, final = (FIRST, FUSED) if by == "fused" else (ALONE[by], ALONE[by])
    candidates = candidates.without_near_duplicates(snapshot, fuse(candidates.signals, first))
    candidates = candidates.best(fuse(candidates.signals, first), INTERACTING)
    if by == "fused":
        candidates = candidates.interacting(snapshot, query)
    return [
        Ranked(paragraph_id, score, tuple(sentences.tolist()))
        for paragraph_id, score, sentences in zip(
            candidates.ids.tolist(),
            fuse(candidates.signals, final).tolist(),
            candidates.sentence_scores,
            strict=True,
        )
    ]
