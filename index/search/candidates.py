"""Candidates: the paragraphs that words or vectors find, and what speaks for each."""

import math
from dataclasses import dataclass, replace

import numpy as np

from index.embedding.embedder import EmbeddedQuery, Floats
from index.search.late_interaction import late_interaction, sentence_scores
from index.search.query import query_words
from index.search.ranking import Signals, share_of_best
from index.search.snapshot import Ids, Snapshot

NEAREST = 150
"""Vectors, and different paragraphs by words, that become candidates."""

MOST_NEAREST = 20 * NEAREST
"""Vectors that are looked at, at most, however many of them are near-duplicates."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Paragraph ids, (n,), their signals, and the scores of each one's sentences."""

    ids: Ids
    signals: Signals
    sentence_scores: list[Floats]

    def best(self, scores: Floats, count: int) -> "Candidates":
        return self.take(np.argsort(-scores, kind="stable")[:count])

    def without_near_duplicates(self, snapshot: Snapshot, scores: Floats) -> "Candidates":
        """Of near-duplicates the best; of those as good, the one of the least id."""
        best: dict[int, int] = {}
        clusters = snapshot.clusters(self.ids).tolist()
        for place in np.argsort(-scores, kind="stable").tolist():
            best.setdefault(clusters[place], place)
        return self.take(np.array(sorted(best.values()), np.int64))

    def take(self, chosen: Ids) -> "Candidates":
        return Candidates(
            self.ids[chosen],
            self.signals.take(chosen),
            [self.sentence_scores[i] for i in chosen.tolist()],
        )

    def interacting(self, snapshot: Snapshot, query: EmbeddedQuery) -> "Candidates":
        """The candidates with the signals of late interaction, in the sentences' scores too."""
        rarity = _rarity(snapshot, query)
        # Paragraph by paragraph: in one great product the last bits of each would depend on the
        # others.
        interactions = [
            late_interaction(query, rarity, tokens.bits, tokens.sentences, len(cosines))
            for tokens, cosines in zip(
                snapshot.token_embeddings(self.ids), self.sentence_scores, strict=True
            )
        ]
        signals = replace(
            self.signals,
            late_interaction=np.array([found.whole for found in interactions], np.float32),
            sentence_interaction=np.array(
                [found.sentences.max() for found in interactions], np.float32
            ),
        )
        scores = [
            sentence_scores(cosines, found.sentences)
            for cosines, found in zip(self.sentence_scores, interactions, strict=True)
        ]
        return Candidates(self.ids, signals, scores)


def find_candidates(
    snapshot: Snapshot, query: str, embedded: EmbeddedQuery, allowed: Ids | None
) -> Candidates:
    """The paragraphs, of those allowed, that words or vectors find; no late interaction yet."""
    words = query_words(query)
    ids = np.union1d(
        _best_by_words(snapshot, words, allowed), _nearest(snapshot, embedded.vector, allowed)
    )
    cosines = [vectors @ embedded.vector for vectors in snapshot.sentence_embeddings(ids)]
    unseen = np.zeros(len(ids), np.float32)
    signals = Signals(
        lexical=share_of_best(snapshot.word_scores(words, ids)),
        dense=np.array([scores.max() for scores in cosines], np.float32),
        late_interaction=unseen,
        sentence_interaction=unseen,
    )
    return Candidates(ids, signals, cosines)


def _best_by_words(snapshot: Snapshot, words: list[str], allowed: Ids | None) -> Ids:
    """The best by words that ``NEAREST`` different paragraphs have, their near-duplicates among
    them."""
    count = 2 * NEAREST
    while True:
        ids = snapshot.word_matches(words, count, allowed).ids
        seen: set[int] = set()
        for place, cluster in enumerate(snapshot.clusters(ids).tolist()):
            seen.add(cluster)
            if len(seen) > NEAREST:
                return ids[:place]
        if len(ids) < count:
            return ids
        count *= 4


def _nearest(snapshot: Snapshot, query: Floats, allowed: Ids | None) -> Ids:
    """The paragraphs of the nearest vectors, more where many of them are near-duplicates."""
    count = NEAREST
    while True:
        ids = snapshot.nearest(query, count, allowed)
        distinct = len(set(snapshot.clusters(ids).tolist()))
        wanted = math.ceil(NEAREST * len(ids) / max(distinct, 1))
        if wanted <= count or count >= MOST_NEAREST:
            return ids
        count = min(wanted, MOST_NEAREST)


def _rarity(snapshot: Snapshot, query: EmbeddedQuery) -> Floats:
    """The inverse document frequency of each of the query's tokens, as in BM25: at least 0."""
    total = snapshot.counts().paragraphs
    return np.array(
        [
            math.log(1 + (total - count + 0.5) / (count + 0.5))
            for count in snapshot.document_frequencies(query.token_ids).tolist()
        ],
        np.float32,
    )
