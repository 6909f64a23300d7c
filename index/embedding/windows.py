"""Windows: texts in tokens, cut to what a model takes, and what it made of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import (
    Bits,
    Floats,
    ParagraphText,
    SentenceNumbers,
    TokenIds,
    signs,
)

OVERLAP = 64
"""Tokens that two neighbouring windows of a long paragraph share."""

LONGEST = 512
"""Tokens in a window at most, for models that would take more."""


@dataclass(slots=True)
class Window:
    """A part of a text in tokens, and what the model made of it.

    ``is_text`` marks the tokens of ``ids`` that are no special ones, ``offsets`` (code points, end
    exclusive) has a row for each of those. ``own`` marks those of them that are the paragraph's
    and stand in no window before; each has its sentence's number in ``sentences``, and
    ``within`` says whether it lies wholly in that sentence.

    What is left of a pass is small: the ``vector`` of the whole, the signs of the own ``tokens``,
    and of those within the sentences numbered ``pooled`` the ``sums`` and ``counts``.
    """

    text_number: int
    ids: list[int]
    is_text: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    own: NDArray[np.bool_]
    sentences: SentenceNumbers = field(default_factory=lambda: np.empty(0, np.int32))
    within: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    vector: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    tokens: Bits = field(default_factory=lambda: np.empty((0, 0), np.uint8))
    pooled: SentenceNumbers = field(default_factory=lambda: np.empty(0, np.int32))
    sums: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))
    counts: Floats = field(default_factory=lambda: np.empty((0, 1), np.float32))

    @property
    def text_ids(self) -> TokenIds:
        return np.array(self.ids, dtype=np.int32)[self.is_text]

    def take(self, vector: Floats, states: Floats) -> None:
        """Keep what is needed of what the model made: its states are large."""
        self.vector = vector
        own = states[self.own]
        self.tokens = signs(own)
        inside = own[self.within]
        self.pooled, firsts, counts = np.unique(
            self.sentences[self.within], return_index=True, return_counts=True
        )
        self.sums = np.add.reduceat(inside, firsts) if len(firsts) else inside
        self.counts = counts.astype(np.float32)[:, np.newaxis]


def window(
    text_number: int, ids: list[int], special: Sequence[int], offsets: Sequence[tuple[int, int]]
) -> Window:
    """A window of a tokenizer's output: ``special`` is 1 for a special token, else 0."""
    is_text = np.array(special) == 0
    places = np.array(offsets, dtype=np.int64).reshape(-1, 2)[is_text]
    return Window(text_number, ids, is_text, places, np.zeros(len(places), np.bool_))


def overlap(size: int) -> int:
    """Tokens that neighbouring windows of this many tokens share."""
    return min(OVERLAP, size // 4)


def place(windows: Sequence[Window], prefix: int, passage: ParagraphText) -> None:
    """Say which tokens of its windows are a paragraph's own, each once, and where they stand.

    ``prefix`` is the length, in code points, of what stands before the paragraph's text.
    """
    covered = -1
    starts = np.array([sentence.start for sentence in passage.sentences])
    ends = np.array([sentence.end for sentence in passage.sentences])
    for one in windows:
        fresh = one.offsets[:, 0] >= covered
        covered = max(covered, int(one.offsets[:, 1].max(initial=0)))
        one.own = fresh & (one.offsets[:, 0] >= prefix)
        offsets = one.offsets[one.own] - prefix
        numbers = np.searchsorted(starts, offsets[:, 0], side="right") - 1
        one.sentences = np.maximum(numbers, 0).astype(np.int32)
        one.within = (numbers >= 0) & (offsets[:, 1] <= ends[one.sentences])


def batches(
    windows: Iterable[Window], fits: Callable[[Window, Sequence[Window]], bool]
) -> Iterator[list[Window]]:
    """The windows, longest first, each with those before it as long as it ``fits`` them."""
    batch: list[Window] = []
    for one in sorted(windows, key=lambda one: -len(one.ids)):
        if batch and not fits(one, batch):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
