"""Near-duplicates: paragraphs that say the same but for small edits, as syndicated articles do.

A paragraph is known by a signature: the MinHash of its pairs of words (Broder 1997, "On the
resemblance and containment of documents"). Two signatures are near when their estimated Jaccard
similarity is at least ``NEAR``, and then their paragraphs are near-duplicates. What is near to a
near-duplicate is one too, so that the clusters depend on what is in the library and not on the
order it came in.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.article import Draft

NEAR = 0.7
"""Share of equal values in the signatures of near-duplicates, at least. Of 60 words, five single
ones may differ, or some 12 be added at one place."""

VALUES = 100
"""Values in a signature: the similarity is estimated with a standard error of 0.05 at most."""

BAND = 4
"""Values in a band. Near signatures have one of 25 bands in common, but for 1 pair in 1,000; all
others are not compared."""

SHORTEST = 12
"""Words from which on a paragraph is known by its own. A shorter one, such as "Tickets cost 12
pounds.", says something else elsewhere: it must be equal, and what stands around it near."""

TELLING = frozenset(
    "no not never none nor without neither two three four five six seven eight nine ten eleven "
    "twelve hundred thousand million billion".split()
)
"""Words that near-duplicates have in common, like all figures: with others they say another
thing."""

WORD = re.compile(r"\w+")

PAIRS_AT_ONCE = 4096
"""Pairs of words whose hashes are made at once: bounds memory, however long the paragraph."""

Values = NDArray[np.uint32]


def _permutations() -> tuple[Values, Values]:
    """``a`` and ``b`` of the permutations ``h -> a * h + b`` modulo 2^32; an odd ``a`` makes each
    a bijection. Always the same ones: libraries keep what they give."""
    random = np.random.RandomState(1)
    a = random.randint(0, 1 << 31, VALUES, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = random.randint(0, 1 << 32, VALUES, dtype=np.uint32)
    return a[:, np.newaxis], b[:, np.newaxis]


_FACTORS, _SHIFTS = _permutations()


@dataclass(frozen=True, slots=True)
class Signature:
    """``id`` names it by its content; ``values`` is (VALUES,) uint32; signatures can only be near
    when they share one of ``bands``."""

    id: int
    values: Values
    bands: tuple[int, ...]


def signatures(draft: Draft) -> Iterator[Signature]:
    """A signature for each of the draft's paragraphs, in order, made as it is asked for."""
    words = [_words(paragraph.span.of(draft.text)) for paragraph in draft.paragraphs]
    for number, own in enumerate(words):
        yield _signature(_fixed(own), _min_hashes(_pairs(_basis(words, number))))


def near(signature: Signature, others: Sequence[Signature]) -> list[Signature]:
    """Which of the others are near a signature."""
    bands = set(signature.bands)
    candidates = [other for other in others if not bands.isdisjoint(other.bands)]
    if not candidates:
        return []
    values = np.stack([other.values for other in candidates])
    shares = (values == signature.values).mean(axis=1)
    return [candidates[i] for i in np.flatnonzero(shares >= NEAR).tolist()]


def clusters(signatures: Sequence[Signature]) -> Iterator[tuple[Signature, ...]]:
    """The signatures by what is near, and near to what is near."""
    left = {signature.id: signature for signature in signatures}
    by_band: dict[int, set[int]] = defaultdict(set)
    for signature in signatures:
        for band in signature.bands:
            by_band[band].add(signature.id)
    while left:
        pending = [left.pop(min(left))]
        cluster = []
        while pending:
            signature = pending.pop()
            cluster.append(signature)
            beside = set().union(*(by_band[band] for band in signature.bands))
            found = near(signature, [left[other] for other in beside if other in left])
            pending += [left.pop(other.id) for other in found]
        yield tuple(cluster)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _basis(words: Sequence[list[str]], number: int) -> list[str]:
    """A paragraph's words, with those of the paragraphs around it while they are too few."""
    around = 0
    basis = words[number]
    while len(basis) < SHORTEST and around < len(words):
        around += 1
        together = words[max(0, number - around) : number + around + 1]
        basis = [word for paragraph in together for word in paragraph]
    return basis


def _fixed(own: Sequence[str]) -> list[str]:
    """The words of a paragraph that its near-duplicates must have too, in order."""
    if len(own) < SHORTEST:
        return list(own)
    return [word for word in own if word in TELLING or _has_digit(word)]


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(c.isdigit() for c in word)


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)] or [" ".join(words)]


def _min_hashes(pairs: Sequence[str]) -> Values:
    """The least value of any pair under each permutation, (VALUES,)."""
    least = np.full(VALUES, 0xFFFFFFFF, "<u4")
    for first in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[first : first + PAIRS_AT_ONCE]
        digests = b"".join(_digest(pair) for pair in some)
        hashes = _mixed(np.frombuffer(digests, "<u4"))
        np.minimum(least, (_FACTORS * hashes + _SHIFTS).min(axis=1), out=least)
    return least


def _digest(pair: str) -> bytes:
    return hashlib.sha1(pair.encode("utf-8"), usedforsecurity=False).digest()[:4]


def _mixed(hashes: Values) -> Values:
    """The finalizer of MurmurHash3: what differs in one bit differs in half of them."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def _signature(fixed: Sequence[str], values: Values) -> Signature:
    """The fixed words are part of every band, so that signatures with others share none."""
    common = " ".join(fixed).encode("utf-8")
    bands = tuple(
        _number(common, first, values[first : first + BAND].tobytes())
        for first in range(0, VALUES, BAND)
    )
    return Signature(_number(common, -1, values.tobytes()), values, bands)


def _number(common: bytes, place: int, values: bytes) -> int:
    """63 bits that name a part of a signature."""
    digest = hashlib.sha256(b"%d:%d:" % (place, len(common)) + common + values).digest()
    return int.from_bytes(digest[:8], "big") >> 1
