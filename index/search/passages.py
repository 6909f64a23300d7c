"""Passages: ranked paragraphs with their articles, and the other places where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.article import Article, Copy, Filters, Passage
from index.search.snapshot import PlacedParagraph, Snapshot

MOST_COPIES = 100
"""Other places that a passage comes with at most."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paragraph's score, and those of its sentences."""

    paragraph_id: int
    score: float
    sentence_scores: tuple[float, ...]


def passages_of(
    snapshot: Snapshot, ranked: Sequence[Ranked], top_k: int, filters: Filters | None
) -> tuple[Passage, ...]:
    """The best passages, best first; equal scores in the order of article and paragraph."""
    placed = _by_id(snapshot, [one.paragraph_id for one in ranked])
    first_ids = snapshot.first_articles(_text_ids(placed.values()), filters)

    def order(one: Ranked) -> tuple[float, str, int]:
        place = placed[one.paragraph_id]
        return -one.score, first_ids[place.text_id], place.paragraph.number

    best = sorted(ranked, key=order)[:top_k]
    near = _near_duplicates(snapshot, [one.paragraph_id for one in best], filters)
    placed |= _by_id(snapshot, [other for others in near.values() for other in others])
    shown = [placed[one.paragraph_id] for one in best]
    others = [placed[other] for found in near.values() for other in found]
    text_ids = _text_ids([*shown, *others])
    articles = snapshot.articles_of(text_ids, filters, MOST_COPIES + 1)
    return tuple(
        _passage(one, place, [placed[other] for other in near[one.paragraph_id]], articles)
        for one, place in zip(best, shown, strict=True)
    )


def _by_id(snapshot: Snapshot, ids: Sequence[int]) -> dict[int, PlacedParagraph]:
    return {place.id: place for place in snapshot.paragraphs(ids)}


def _text_ids(places: Iterable[PlacedParagraph]) -> list[str]:
    return list(dict.fromkeys(place.text_id for place in places))


def _near_duplicates(
    snapshot: Snapshot, ids: Sequence[int], filters: Filters | None
) -> dict[int, list[int]]:
    """For each paragraph the first ``MOST_COPIES`` of its near-duplicates, without itself."""
    clusters = snapshot.clusters(np.array(ids, np.int64)).tolist()
    members = snapshot.near_duplicates(clusters, filters, MOST_COPIES + 1)
    return {
        paragraph_id: [one for one in members[cluster] if one != paragraph_id][:MOST_COPIES]
        for paragraph_id, cluster in zip(ids, clusters, strict=True)
    }


def _passage(
    ranked: Ranked,
    place: PlacedParagraph,
    near: Sequence[PlacedParagraph],
    articles: Mapping[str, Sequence[Article]],
) -> Passage:
    first, *others = articles[place.text_id]
    copies = [Copy(other, place.paragraph) for other in others]
    for other in near:
        if len(copies) < MOST_COPIES:
            copies += [Copy(article, other.paragraph) for article in articles[other.text_id]]
    copies.sort(key=lambda copy: (copy.article.id, copy.paragraph.number))
    return Passage(
        first,
        place.paragraph,
        ranked.score,
        ranked.sentence_scores,
        tuple(copies[:MOST_COPIES]),
    )
