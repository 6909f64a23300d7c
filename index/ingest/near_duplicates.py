"""Copies: paragraphs that say the same but for small edits, as syndicated articles do.

A paragraph is known by a sketch: the MinHash of its pairs of words (Broder 1997, "On the
resemblance and containment of documents"). Two sketches are near when their estimated Jaccard
similarity is at least ``NEAR``, and then their paragraphs are copies. Copies of copies are copies
too, so that the clusters depend on what is in the library and not on the order it came in.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from index.article import Draft

NEAR = 0.7
"""Share of equal values in the signatures of copies, at least. Of 60 words, five single ones may
differ, or some 12 be added at one place."""

VALUES = 100
"""Values in a signature: the similarity is estimated with a standard error of 0.05 at most."""

BAND = 4
"""Values in a band. Near sketches have one of 25 bands in common, but for 1 pair in 1,000; all
others are not compared."""

SHORTEST = 12
"""Words from which on a paragraph is known by its own. A shorter one, such as "Tickets cost 12
pounds.", says something else elsewhere: it must be equal, and what stands around it near."""

TELLING = frozenset(
    "no not never none nor without neither two three four five six seven eight nine ten eleven "
    "twelve hundred thousand million billion".split()
)
"""Words that copies have in common, like all figures: with others they say another thing."""

WORD = re.compile(r"\w+")

Signatures = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Sketch:
    """``id`` names it by its content; ``signature`` is (VALUES,) uint32; sketches can only be near
    when they share one of ``bands``."""

    id: int
    signature: Signatures
    bands: tuple[int, ...]


def sketches_of(draft: Draft) -> Iterator[Sketch]:
    """A sketch for each of the draft's paragraphs, in order, made as it is asked for."""
    words = [_words(paragraph.span.of(draft.text)) for paragraph in draft.paragraphs]
    bases = [_basis(words, number) for number in range(len(words))]
    hashes = MinHash.generator(
        [_pairs(basis) for basis in bases], num_perm=VALUES, seed=1, scheme="affine32"
    )
    for own, hashed in zip(words, hashes, strict=True):
        yield _sketch(_fixed(own), hashed.hashvalues.astype("<u4"))


def sketch_from(sketch_id: int, signature: bytes, bands: Sequence[int]) -> Sketch:
    """A sketch as it was kept."""
    return Sketch(sketch_id, np.frombuffer(signature, "<u4"), tuple(bands))


def near(sketch: Sketch, others: Sequence[Sketch]) -> list[Sketch]:
    """Which of the others are near a sketch."""
    bands = set(sketch.bands)
    candidates = [other for other in others if not bands.isdisjoint(other.bands)]
    if not candidates:
        return []
    signatures = np.stack([other.signature for other in candidates])
    shares = (signatures == sketch.signature).mean(axis=1)
    return [candidates[i] for i in np.flatnonzero(shares >= NEAR).tolist()]


def clusters(sketches: Sequence[Sketch]) -> Iterator[tuple[Sketch, ...]]:
    """The sketches by what is near, and near to what is near."""
    left = {sketch.id: sketch for sketch in sketches}
    by_band: dict[int, set[int]] = defaultdict(set)
    for sketch in sketches:
        for band in sketch.bands:
            by_band[band].add(sketch.id)
    while left:
        pending = [left.pop(min(left))]
        cluster = []
        while pending:
            sketch = pending.pop()
            cluster.append(sketch)
            beside = set().union(*(by_band[band] for band in sketch.bands))
            found = near(sketch, [left[other] for other in beside if other in left])
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
    """The words of a paragraph that its copies must have too, in order."""
    if len(own) < SHORTEST:
        return list(own)
    return [word for word in own if word in TELLING or any(c.isdigit() for c in word)]


def _pairs(words: Sequence[str]) -> list[bytes]:
    pairs = [f"{first} {second}" for first, second in pairwise(words)] or [" ".join(words)]
    return [pair.encode("utf-8") for pair in pairs]


def _sketch(fixed: Sequence[str], signature: Signatures) -> Sketch:
    """The fixed words are part of every band, so that sketches with others share none."""
    common = " ".join(fixed).encode("utf-8")
    bands = tuple(
        _number(common, first, signature[first : first + BAND].tobytes())
        for first in range(0, VALUES, BAND)
    )
    return Sketch(_number(common, -1, signature.tobytes()), signature, bands)


def _number(common: bytes, place: int, values: bytes) -> int:
    """63 bits that name a part of a sketch."""
    digest = hashlib.sha256(b"%d:%d:" % (place, len(common)) + common + values).digest()
    return int.from_bytes(digest[:8], "big") >> 1
