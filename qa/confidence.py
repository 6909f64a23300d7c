"""Confidence: the probability that an answer is right, from what the search and reader saw.

The coefficients of a logistic regression, one set for each reader, fitted by
``qa.evaluation.calibration`` and kept in ``qa/confidence.json``.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from index.errors import ModelError

FEATURES = ("score", "margin", "passage_score", "passage_margin", "agreement", "rank")
"""In this order: the best candidate's score; its lead over the best other answer; its passage's
search score and lead over the next passage; how many of the read passages have its words, those
that share most of their own counted once;
and the logarithm of its passage's rank."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer; the fields are the ``FEATURES``."""

    score: float
    margin: float
    passage_score: float
    passage_margin: float
    agreement: float
    rank: float

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(float(getattr(self, feature)) for feature in FEATURES)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over ``FEATURES``, the threshold to answer from, and how a
    candidate's and its passage's score are weighed when candidates are compared."""

    intercept: float
    coefficients: tuple[float, ...]
    threshold: float
    passage_weight: float

    def confidence(self, evidence: Evidence) -> float:
        """The probability that the answer is right, 0 to 1, to four decimal places."""
        weighed = sum(
            weight * value for weight, value in zip(self.coefficients, evidence.values, strict=True)
        )
        return round(logistic(self.intercept + weighed), 4)


def logistic(log_odds: float) -> float:
    """The probability with these log-odds."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))


def calibration_of(reader: str) -> Calibration:
    """The calibration that ships for a reader. Raises ``ModelError`` when there is none."""
    shipped: Mapping[str, Mapping[str, object]] = json.loads(
        (files("qa") / "confidence.json").read_text("utf-8")
    )
    if reader not in shipped:
        raise ModelError(
            f"there is no calibration for the reader {reader!r}: fit one with "
            "'python -m qa.evaluation.calibration', or use one of "
            f"{', '.join(sorted(shipped))}"
        )
    return calibration_from(shipped[reader])


def calibration_from(values: Mapping[str, object]) -> Calibration:
    """A calibration from its JSON form."""
    coefficients = values["coefficients"]
    if not isinstance(coefficients, Mapping) or set(coefficients) != set(FEATURES):
        raise ModelError(
            f"the calibration's coefficients must be those of {', '.join(FEATURES)}: "
            "reinstall Pullquote"
        )
    return Calibration(
        float(str(values["intercept"])),
        tuple(float(coefficients[feature]) for feature in FEATURES),
        float(str(values["threshold"])),
        float(str(values["passage_weight"])),
    )


def agreement(words: str, texts: Sequence[str]) -> float:
    """How many of the texts have the words, but for case, independently; at least 1.

    A text that shares half of its triples of words with one that was counted, or the other way
    round, was copied and says nothing of its own.
    """
    wanted = words.casefold()
    counted: list[set[tuple[str, ...]]] = []
    for text in texts:
        own = _triples(text) if wanted in text.casefold() else set()
        if own and not any(_shares_half(own, other) for other in counted):
            counted.append(own)
    return float(max(1, len(counted)))


def _triples(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def _shares_half(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    return 2 * len(one & other) >= min(len(one), len(other))
