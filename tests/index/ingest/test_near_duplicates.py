"""Sketches: what counts as a copy, and that its clusters hang on nothing but the content."""

import itertools

import numpy as np
import pytest

from index.ingest import near_duplicates
from index.ingest.loading import draft_of_text
from index.ingest.near_duplicates import (
    SHORTEST,
    Signature,
    clusters,
    near,
    signatures,
)

STORY = (
    "The harbour master of Lisbon said on Monday that the ferry to Porto will leave at noon from "
    "now on, because the old pier is being mended until spring and the tide leaves too little "
    "water in the morning. Passengers with tickets for an earlier boat can take any later one."
)


def _signature(text: str) -> Signature:
    (signature,) = signatures(draft_of_text(text))
    return signature


def _are_copies(one: str, other: str) -> bool:
    first, second = _signature(one), _signature(other)
    return first.id == second.id or bool(near(first, [second]))


@pytest.mark.parametrize(
    "edited",
    [
        STORY,
        STORY.upper(),
        STORY.replace(",", " -"),
        STORY.replace("Monday", "Tuesday"),
        STORY.replace("said on Monday", "announced yesterday"),
        STORY + " The city has not said what the work costs.".replace("not ", ""),
        STORY.removeprefix("The harbour master of Lisbon said on Monday that "),
    ],
)
def test_small_edits_make_copies(edited: str) -> None:
    assert _are_copies(STORY, edited)


@pytest.mark.parametrize(
    "other",
    [
        "The museum of Bath opened in spring, and its founder said that the old building is being "
        "mended from now on until there is too little water in the harbour for any later boat.",
        STORY[: len(STORY) // 2],
        STORY.replace("noon", "12"),
        STORY.replace("will leave", "will not leave"),
        STORY.replace("old pier", "two piers"),
    ],
    ids=["other words", "half", "figure", "negation", "number"],
)
def test_what_says_something_else_is_no_copy(other: str) -> None:
    assert not _are_copies(STORY, other)


def test_other_figures_are_another_thing() -> None:
    assert _are_copies(f"{STORY} It costs 12 pounds.", f"{STORY} It costs 12 pounds, he said.")
    assert not _are_copies(f"{STORY} It costs 12 pounds.", f"{STORY} It costs 15 pounds.")


def test_a_short_paragraph_is_a_copy_where_what_is_around_it_is() -> None:
    short = "Tickets cost 12 pounds."
    museum = "The museum of Bath opened long ago, and all of its rooms were painted by its founder."
    own = list(signatures(draft_of_text(f"{STORY}\n\n{short}")))[1]
    edited = list(signatures(draft_of_text(f"{STORY} He smiled.\n\n{short}")))[1]
    elsewhere = list(signatures(draft_of_text(f"{museum}\n\n{short}")))[1]
    other = list(signatures(draft_of_text(f"{STORY}\n\nTickets cost 13 pounds.")))[1]
    assert near(own, [edited, elsewhere, other]) == [edited]
    assert len(short.split()) < SHORTEST


def test_the_same_content_has_the_same_sketch_always() -> None:
    """The value is kept in libraries: another would need another format."""
    signature = _signature(STORY)
    assert signature.values.dtype == np.uint32
    assert (len(signature.values), len(set(signature.bands))) == (100, 25)
    assert signature.id == SIGNATURE_ID


SIGNATURE_ID = 709099849642434913


def test_clusters_hold_what_is_near_to_what_is_near_in_any_order() -> None:
    """A chain of edits: its ends are no copies of each other, but of the same cluster."""
    words = STORY.split()
    chain = [" ".join(words[n : n + 36]) for n in (0, 5, 10)]
    lone = "The museum of Bath opened long ago, and all of its rooms were painted by its founder."
    some = [_signature(text) for text in (*chain, lone)]
    assert near(some[0], some[1:]) == [some[1]]
    expected = {frozenset(s.id for s in some[:3]), frozenset([some[3].id])}
    for order in itertools.permutations(some):
        assert {frozenset(s.id for s in cluster) for cluster in clusters(order)} == expected


def test_nothing_is_near_nothing() -> None:
    assert near(_signature(STORY), []) == []
    assert list(clusters([])) == []


def test_the_parts_of_a_very_long_paragraph_count_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """More words than are hashed at once: its order does not matter, but for the pairs."""
    monkeypatch.setattr(near_duplicates, "PAIRS_AT_ONCE", 100)
    words = [f"w{number}" for number in range(300)]
    whole = _signature(" ".join(words))
    halves = _signature(" ".join(words[len(words) // 2 :] + words[: len(words) // 2]))
    assert (whole.values == halves.values).mean() > 0.95
    assert (whole.values == _signature(" ".join(words[:100])).values).mean() < 0.6
