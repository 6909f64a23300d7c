"""Retrieving: the passages that a search finds, and those of two searches in turn."""

from dataclasses import replace
from itertools import zip_longest

from index.article import Passage
from index.library import Found


def interleave(in_context: Found, as_written: Found) -> Found:
    """The passages of two searches in turn, the best one in context first, none twice.

    A question that was taken for a follow-up by mistake so keeps the best passages of its own. What
    only the search for the question as written found is scored like the last one in context.
    """
    least = in_context.passages[-1].score
    others = (replace(passage, score=min(passage.score, least)) for passage in as_written.passages)
    passages: dict[tuple[str, int], Passage] = {}
    known = {place_of(passage): passage for passage in in_context.passages}
    for pair in zip_longest(in_context.passages, others):
        for passage in filter(None, pair):
            place = place_of(passage)
            passages.setdefault(place, known.get(place, passage))
    return replace(in_context, passages=tuple(passages.values()))


def place_of(passage: Passage) -> tuple[str, int]:
    return passage.article.id, passage.paragraph.number
