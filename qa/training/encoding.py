"""Texts as word pieces with their offsets, sentences and words."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.errors import InputError
from qa.reading.words import words

Ints = npt.NDArray[np.int32]

_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]?[A-Z0-9])|\n+"
)
_SHORT_FORMS = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|vs|No|Jr|Sr|Prof|Gen|Col|etc|cf))\.$")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text in word pieces.

    ``ids`` [n]; ``offsets`` [n, 2] code points into the text, end exclusive; ``words`` [n] the
    word (qa.reading.words) that each piece begins in; ``sentences`` [s + 1] the pieces where
    sentences begin, then n.
    """

    ids: Ints
    offsets: Ints
    words: Ints
    sentences: tuple[int, ...]


def plain_tokenizer(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer without the truncation and padding that sentence encoders ship."""
    plain = Tokenizer.from_str(tokenizer.to_str())
    plain.no_truncation()
    plain.no_padding()
    return plain


_OTHER_NAMES = {"[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}  # MPNet's


def special(tokenizer: Tokenizer, token: str) -> int:
    """The id of BERT's special token or of MPNet's in its place; raises InputError without both.

    MPNet's vocabulary also holds BERT's names, untrained, so its own come first.
    """
    found = tokenizer.token_to_id(_OTHER_NAMES.get(token, token))
    if found is None:
        found = tokenizer.token_to_id(token)
    if found is None:
        raise InputError(
            f"the base model's tokenizer has no {token} token: give a BERT or MPNet model",
            field="base",
        )
    return int(found)


def encode(tokenizer: Tokenizer, texts: Iterable[str]) -> dict[str, Encoded]:
    """Every distinct text, encoded without special tokens."""
    distinct = list(dict.fromkeys(texts))
    encodings = tokenizer.encode_batch(distinct, add_special_tokens=False)
    return {
        text: _encoded(text, encoding.ids, encoding.offsets)
        for text, encoding in zip(distinct, encodings, strict=True)
    }


def _encoded(text: str, ids: list[int], offsets: list[tuple[int, int]]) -> Encoded:
    begins = [begin for begin, _ in offsets]
    ends = [end for _, end in offsets]
    # A SentencePiece piece may begin at the white space before its word.
    starts = sorted({bisect_right(ends, place) for place in sentence_starts(text)})
    return Encoded(
        np.asarray(ids, dtype=np.int32),
        np.asarray(offsets, dtype=np.int32).reshape(-1, 2),
        np.searchsorted(words(text)[:, 1], begins, side="right").astype(np.int32),
        (*(start for start in starts if start < len(ids)), len(ids)),
    )


def sentence_starts(text: str) -> list[int]:
    """Where sentences begin, the first at 0. Rough: it only places cuts in training texts."""
    starts = [0]
    for match in _SENTENCE_END.finditer(text):
        if not _SHORT_FORMS.search(text[starts[-1] : match.start()]):
            starts.append(match.end())
    return starts


def piece_span(encoded: Encoded, start: int, end: int) -> tuple[int, int] | None:
    """First and last piece (inclusive) of the words that ``text[start:end]`` touches."""
    first = int(np.searchsorted(encoded.offsets[:, 1], start, side="right"))
    last = int(np.searchsorted(encoded.offsets[:, 0], end, side="left")) - 1
    if first > last:
        return None
    words = encoded.words
    while first > 0 and words[first - 1] == words[first]:
        first -= 1
    while last + 1 < len(words) and words[last + 1] == words[last]:
        last += 1
    return first, last
