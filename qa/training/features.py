"""Model inputs with their targets: ``[CLS] question [SEP] passage [SEP]``."""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from qa.training.encoding import Encoded, Ints, piece_span
from qa.training.examples import Example
from qa.training.teaching import NONE, Places

_SEEN = 0.2  # of a teacher's probability that must be in the row for it to count


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a batch.

    ``ids`` [n] begins with the question, framed as ``[CLS] … [SEP]``; the passage is
    ``ids[passage:-1]``. ``spans`` are the annotators' first and last pieces, positions in ``ids``,
    none when the row's passage does not answer. ``joint`` says that the row before it in its unit
    asks the same question and answers it. ``taught`` are a teacher's probabilities of the answer's
    first and last piece by position in ``ids``, 0 standing for no answer; none without a teacher.
    """

    ids: Ints
    passage: int
    spans: tuple[tuple[int, int], ...]
    joint: bool = False
    taught: tuple[dict[int, float], dict[int, float]] | None = None


def taught(row: Feature, encoded: Encoded, cut: range, starts: Places, ends: Places) -> Feature:
    """The row, of the passage's pieces ``cut``, with a teacher's probabilities by code point.

    What a teacher says of the rest of the passage is left out, in proportion.
    """
    first = {
        int(np.searchsorted(encoded.offsets[:, 1], place, side="right")): value
        for place, value in starts.items()
        if place != NONE
    }
    last = {
        int(np.searchsorted(encoded.offsets[:, 0], place, side="left")) - 1: value
        for place, value in ends.items()
        if place != NONE
    }
    both = [
        {0: none}
        | {piece - cut.start + row.passage: p for piece, p in places.items() if piece in cut}
        for none, places in ((starts.get(NONE, 0.0), first), (ends.get(NONE, 0.0), last))
    ]
    if not all(sum(places.values()) > _SEEN for places in both):
        return row
    one, other = ({at: p / sum(places.values()) for at, p in places.items()} for places in both)
    return dataclasses.replace(row, taught=(one, other))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, commas and the like at its end that no person would quote."""
    while end > start + 1 and (text[end - 1] in ",;:!?" or text[end - 1].isspace()):
        end -= 1
    last = text[start:end].split()[-1:]
    if end > start + 1 and text[end - 1] == "." and len(last[0]) > 4 and last[0].count(".") == 1:
        end -= 1
    while start < end - 1 and text[start].isspace():
        start += 1
    return start, end


def answer_pieces(
    encoded: Encoded, text: str, spans: tuple[tuple[int, int], ...]
) -> list[tuple[int, int]]:
    """Each annotator's answer as first and last piece of the passage, whole words."""
    pieces = [piece_span(encoded, *trimmed(text, start, end)) for start, end in spans]
    return [piece for piece in pieces if piece is not None]


def window(encoded: Encoded, anchor: tuple[int, int], budget: int, random: Random) -> range:
    """A random run of whole sentences around the anchor (pieces, inclusive), within the budget.

    Sentences that alone exceed the budget are cut around the anchor.
    """
    marks, n = encoded.sentences, len(encoded.ids)
    if n <= budget:
        return range(n)
    first = max(i for i, mark in enumerate(marks[:-1]) if mark <= anchor[0])
    last = min(i for i, mark in enumerate(marks[1:]) if mark > anchor[1])
    if marks[last + 1] - marks[first] > budget:
        return _cut(n, anchor, budget, random)
    while True:
        ways = [
            (left, right)
            for left, right in ((first - 1, last), (first, last + 1))
            if left >= 0 and right + 1 < len(marks) and marks[right + 1] - marks[left] <= budget
        ]
        if not ways:
            return range(marks[first], marks[last + 1])
        first, last = random.choice(ways)


def _cut(n: int, anchor: tuple[int, int], budget: int, random: Random) -> range:
    low = max(0, anchor[1] + 1 - budget)
    high = min(anchor[0], n - budget)
    start = random.randint(low, high) if low <= high else min(anchor[0], n - budget)
    return range(start, start + budget)


def feature(
    question: Ints,
    passage: Ints,
    spans: list[tuple[int, int]],
    *,
    joint: bool = False,
) -> Feature:
    """The row of a framed question.

    ``spans`` are positions in ``passage``; those that leave it are dropped.
    """
    ids = np.concatenate((question, passage, question[-1:])).astype(np.int32)
    shift = len(question)
    kept = tuple((a + shift, b + shift) for a, b in spans if a >= 0 and b < len(passage))
    return Feature(ids, shift, kept, joint)


def positive(
    question: Ints, encoded: Encoded, spans: list[tuple[int, int]], budget: int, random: Random
) -> tuple[Feature, range]:
    """The row for an answered question, on a window around one annotator's answer."""
    cut = window(encoded, random.choice(spans), budget, random)
    moved = [(a - cut.start, b - cut.start) for a, b in spans]
    return feature(question, encoded.ids[cut.start : cut.stop], moved), cut


def mixed(
    question: Ints,
    encoded: Encoded,
    spans: list[tuple[int, int]],
    other: Encoded,
    budget: int,
    random: Random,
) -> tuple[Feature, range] | None:
    """The row on half the room, the rest given to another passage, before it or after.

    Returns the row and the cut of its own passage; None if no answer fits.
    """
    room = int(budget * random.uniform(0.4, 0.7))
    cut = window(encoded, random.choice(spans), room, random)
    rest = window(other, nearest_sentence(other, question), budget - room, random)
    two = [other.ids[rest.start : rest.stop], encoded.ids[cut.start : cut.stop]]
    shift = len(two[0]) - cut.start
    if random.random() < 0.5:
        two.reverse()
        shift = -cut.start
    inside = [(a + shift, b + shift) for a, b in spans if a >= cut.start and b < cut.stop]
    return (feature(question, np.concatenate(two), inside), cut) if inside else None


def gathered(row: Feature, others: Sequence[Ints], budget: int, random: Random) -> Feature:
    """The row with as many of the other texts as fit before and after its own, in any order."""
    room = budget - (len(row.ids) - row.passage - 1)
    company: list[Ints] = []
    for other in random.sample(others, len(others)):
        if len(other) <= room:
            company.append(other)
            room -= len(other)
    place = random.randint(0, len(company))
    shift = sum(map(len, company[:place]))
    texts = [*company[:place], row.ids[row.passage : -1], *company[place:]]
    spans = [(a - row.passage + shift, b - row.passage + shift) for a, b in row.spans]
    return feature(row.ids[: row.passage], np.concatenate(texts), spans, joint=row.joint)


def masked(row: Feature, share: float, mask: int, random: Random) -> Feature:
    """The row with a share of its word pieces hidden behind ``mask``, the piece's id.

    Answers stay, and so do questions without one: what makes them unanswerable may be one word.
    """
    hidden = np.asarray([random.random() < share for _ in row.ids])
    hidden[[0, row.passage - 1, -1]] = False
    if not row.spans:
        hidden[: row.passage] = False
    for first, last in row.spans:
        hidden[first : last + 1] = False
    return dataclasses.replace(row, ids=np.where(hidden, np.int32(mask), row.ids))


def without_answers(encoded: Encoded, example: Example) -> Ints | None:
    """The passage's pieces without the sentences that hold an answer, None if little is left."""
    keep = np.ones(len(encoded.ids), dtype=bool)
    spans = answer_pieces(encoded, example.context, _occurrences(example))
    for begin, end in zip(encoded.sentences, encoded.sentences[1:], strict=False):
        if any(a < end and b >= begin for a, b in spans):
            keep[begin:end] = False
    rest = encoded.ids[keep]
    return rest if len(rest) >= 24 else None


def _occurrences(example: Example) -> tuple[tuple[int, int], ...]:
    return tuple(
        match.span()
        for answer in dict.fromkeys(example.answers())
        for match in re.finditer(re.escape(answer), example.context, re.IGNORECASE)
    )


def nearest_sentence(encoded: Encoded, question: Ints) -> tuple[int, int]:
    """The sentence (pieces, inclusive) sharing most distinct pieces with the question."""
    asked = set(question.tolist())
    marks = encoded.sentences
    best = max(
        range(len(marks) - 1),
        key=lambda i: len(asked.intersection(encoded.ids[marks[i] : marks[i + 1]].tolist())),
    )
    return marks[best], marks[best + 1] - 1
