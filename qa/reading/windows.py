"""Windows: a question and a passage as rows of token ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import ModelError
from qa.reading.words import Integers, words

Floats = NDArray[np.float32]

OVERLAP = 128
"""Tokens that two neighbouring windows of a long passage share."""

QUESTION_SHARE = 3
"""The question takes at most the window's length divided by this, so that there is always room
to read in. Of a longer question the beginning is left out: background comes before the asking."""


PASSAGE_TOKENS = 800
"""Tokens that are read with a question, for each of its passages, the question repeated in every
window included: bounds the time of an answer, however long the passages are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The special tokens before the question, between it and the passage, and at the end."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    passage_type: int = 1

    def question(self, ids: Sequence[int], max_length: int) -> Integers:
        """The framed question, shortened to its share of the window."""
        most = max_length // QUESTION_SHARE
        return np.array([*self.before, *ids[-most:], *self.between], dtype=np.int64)


def bert_frame(tokenizer: Tokenizer) -> Frame:
    """``[CLS] question [SEP] passage [SEP]``. Raises ``ModelError`` if the tokens are unknown."""
    start, separator = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if start is None or separator is None:
        raise ModelError(
            "the reader's tokenizer.json has no [CLS] or no [SEP] token: export the reader again "
            "from a BERT model"
        )
    return Frame((start,), (separator,), (separator,))


def own_frame(tokenizer: Tokenizer) -> Frame:
    """The frame that the tokenizer itself puts around a pair of texts."""
    pair = tokenizer.encode("a", "b")
    sides = pair.sequence_ids
    question = [i for i, side in enumerate(sides) if side == 0]
    passage = [i for i, side in enumerate(sides) if side == 1]
    return Frame(
        tuple(pair.ids[: question[0]]),
        tuple(pair.ids[question[-1] + 1 : passage[0]]),
        tuple(pair.ids[passage[-1] + 1 :]),
        pair.type_ids[passage[0]],
    )


@dataclass(frozen=True, slots=True)
class Tokenised:
    """A passage in tokens and in words.

    ``ids`` (tokens,); ``words`` (words, 2) code points, end exclusive. ``starts`` and ``ends``
    (tokens,) are the words in which each token begins and ends; ``first`` and ``last`` (words,)
    the first token that begins in a word and the last that ends in it.
    """

    text: str
    ids: Integers
    words: Integers
    starts: Integers
    ends: Integers
    first: Integers
    last: Integers


def tokenised(tokenizer: Tokenizer, text: str) -> Tokenised:
    """The text's tokens, and the words that they belong to."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids = np.array(encoding.ids, dtype=np.int64)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    places = words(text)
    count = len(places)
    # A token of white space alone begins in the word after it and ends in the word before it.
    starts = np.minimum(np.searchsorted(places[:, 1], offsets[:, 0], side="right"), count - 1)
    ends = np.maximum(np.searchsorted(places[:, 0], offsets[:, 1], side="left") - 1, 0)
    first = np.full(count, len(ids), dtype=np.int64)
    last = np.full(count, -1, dtype=np.int64)
    np.minimum.at(first, starts, np.arange(len(ids)))
    np.maximum.at(last, ends, np.arange(len(ids)))
    return Tokenised(text, ids, places, starts, ends, first, last)


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens ``begin`` to ``end`` of a passage, read with the question.

    ``row`` holds the model's input ids; the passage's are from ``passage`` on, of the token type
    ``passage_type``.
    """

    number: int
    text: Tokenised
    begin: int
    end: int
    row: Integers
    passage: int
    passage_type: int

    def inputs(self) -> tuple[Integers, Integers, Integers]:
        """Token ids, attention mask and token types, each (1, tokens)."""
        types = np.zeros_like(self.row)
        types[self.passage :] = self.passage_type
        return self.row[np.newaxis], np.ones_like(self.row)[np.newaxis], types[np.newaxis]


def windows(
    question: Integers, texts: Sequence[Tokenised], frame: Frame, max_length: int
) -> list[Window]:
    """Every passage in windows that overlap and together hold all of it; an empty one has none."""
    room = max_length - len(question) - len(frame.after)
    step = room - min(OVERLAP, room // 2)
    return [
        Window(
            number,
            text,
            begin,
            end,
            _row(question, text.ids[begin:end], frame),
            len(question),
            frame.passage_type,
        )
        for number, text in enumerate(texts)
        for begin, end in _cuts(len(text.ids), room, step)
    ]


def within_budget(windows: Sequence[Window], scores: Sequence[Floats]) -> list[Window]:
    """The windows that one question may take: ``PASSAGE_TOKENS`` a passage, shared among all.

    ``scores`` are those of each passage's tokens' sentences, (tokens,). First comes the best
    window of each passage, in the order of the passages, then the second best, and so on; each
    passage's best is read in any case.
    """
    by_passage: dict[int, list[Window]] = {}
    for window in windows:
        by_passage.setdefault(window.number, []).append(window)
    left = PASSAGE_TOKENS * len(by_passage)
    ranked = [
        sorted(own, key=lambda one: -max(scores[one.number][one.begin : one.end]))
        for own in by_passage.values()
    ]
    kept: list[Window] = []
    for place, row in enumerate(zip_longest(*ranked)):
        for window in filter(None, row):
            if place == 0 or len(window.row) <= left:
                kept.append(window)
                left -= len(window.row)
    return sorted(kept, key=lambda window: (window.number, window.begin))


def _cuts(length: int, room: int, step: int) -> Iterator[tuple[int, int]]:
    begin = 0
    while begin < length:
        end = min(begin + room, length)
        yield begin, end
        begin = length if end == length else begin + step


def _row(question: Integers, passage: Integers, frame: Frame) -> Integers:
    return np.concatenate([question, passage, np.array(frame.after, dtype=np.int64)])
