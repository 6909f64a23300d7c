"""The kind of a question: what form of answer it asks for.

A multinomial logistic regression over hashed features of the words and their letters. Its weights,
``question_kinds.json``, are fitted by ``python -m qa.training.question_kinds``.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

Kind = Literal[
    "quote",
    "yes_no",
    "list",
    "parts",
    "overview",
    "published",
    "author",
    "source",
    "title",
    "help",
    "library",
    "calculation",
    "smalltalk",
    "order",
    "gibberish",
]
"""``published`` to ``title`` ask for what is known of an article, ``help`` and ``library`` for what
the service does and holds, ``order`` wants something done or thought."""

KINDS: tuple[Kind, ...] = get_args(Kind)

WEIGHTS = "question_kinds.json"

BUCKETS = 8192
"""Features are hashed into so many."""

WORD_GRAMS = 3
"""Words in a row at most that are a feature; their letters give grams of ``LETTER_GRAMS``."""

LETTER_GRAMS = (3, 4, 5)

LEADING = 4
"""Words at the beginning that are features of their place, too."""

_TOKEN = re.compile(r"\w+(?:['’]\w+)?|[^\w\s]")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class KindWeights:
    """``coefficients`` (kinds, ``BUCKETS``) and ``intercepts`` (kinds,), in the order of
    ``KINDS``."""

    coefficients: Floats
    intercepts: Floats

    def probabilities(self, question: str) -> dict[Kind, float]:
        """How probably a question is of each kind; they sum up to 1."""
        numbers, counts = features(question)
        logits = self.coefficients[:, numbers] @ counts + self.intercepts
        exponentials = np.exp(logits - logits.max())
        shares = exponentials / exponentials.sum()
        return dict(zip(KINDS, shares.tolist(), strict=True))

    def kind(self, question: str) -> Kind:
        """The most probable kind; of equals the first."""
        shares = self.probabilities(question)
        return max(KINDS, key=shares.__getitem__)


def features(question: str) -> tuple[NDArray[np.int64], Floats]:
    """The buckets of a question's features, each once, and their values: together of length 1."""
    numbers = [zlib.crc32(name.encode("utf-8")) % BUCKETS for name in _names(question)]
    buckets, counts = np.unique(np.array(numbers, dtype=np.int64), return_counts=True)
    values = np.log1p(counts).astype(np.float32)
    return buckets, values / max(float(np.linalg.norm(values)), 1e-9)


def _names(question: str) -> Iterator[str]:
    words = [token.lower() for token in _TOKEN.findall(question)] or [question]
    edged = ["<", *words, ">"]
    for length in range(1, WORD_GRAMS + 1):
        for first in range(len(edged) - length + 1):
            yield f"w{' '.join(edged[first : first + length])}"
    for place, word in enumerate(words[:LEADING]):
        yield f"p{place} {word}"
    for word in words:
        spelt = f" {word} "
        for length in LETTER_GRAMS:
            for first in range(len(spelt) - length + 1):
                yield f"c{spelt[first : first + length]}"
    yield f"n{min(len(words), 12) // 2}"
    yield f"q{question.count('?')}"
    yield f"m{sum(word in _JOINING for word in words)}"


_JOINING = frozenset({"and", ",", ";", "or", "&", "/"})


def from_json(document: object) -> KindWeights:
    """Weights from their JSON form: signed bytes in base 64, and a scale for each kind."""
    kept = cast(dict[str, object], document)
    if kept.get("kinds") != list(KINDS) or kept.get("buckets") != BUCKETS:
        raise ValueError(f"{WEIGHTS} is of other kinds: fit it anew")
    raw = base64.b85decode(cast(str, kept["coefficients"]))
    steps = np.frombuffer(zlib.decompress(raw), dtype=np.int8).reshape(len(KINDS), BUCKETS)
    scales = np.array(kept["scales"], np.float32)
    return KindWeights(
        steps.astype(np.float32) * scales[:, np.newaxis],
        np.array(kept["intercepts"], np.float32),
    )


def to_json(coefficients: Floats, intercepts: Sequence[float]) -> dict[str, object]:
    """What ``from_json`` reads, its coefficients rounded to a 127th of each kind's largest."""
    scales = np.abs(coefficients).max(axis=1) / 127
    steps = np.rint(coefficients / scales[:, np.newaxis]).astype(np.int8)
    return {
        "kinds": list(KINDS),
        "buckets": BUCKETS,
        "scales": [round(float(scale), 6) for scale in scales],
        "intercepts": [round(float(value), 4) for value in intercepts],
        "coefficients": base64.b85encode(zlib.compress(steps.tobytes(), 9)).decode("ascii"),
    }


@cache
def shipped() -> KindWeights:
    """The weights beside this module."""
    return from_json(json.loads((files("qa.answering") / WEIGHTS).read_text("utf-8")))
