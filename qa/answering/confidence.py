"""Confidence: the probability that an answer is right, from what the search and reader saw.

The coefficients of a logistic regression, one set for each reader, fitted by
``qa.training.calibration`` and kept in ``qa/answering/confidence.json``.
"""

import json
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from index.errors import ModelError

FEATURES = (
    "score",
    "margin",
    "passage_score",
    "passage_margin",
    "agreement",
    "rank",
    "sentence_score",
    "names_missing",
    "negation_missing",
    "opposites",
)
"""In this order: the best candidate's score; its lead over the best answer elsewhere, which other
cuts of the same words are not (where none is seen, over the last candidate, the least it can be);
its passage's search score and lead over the next passage; how many of the read passages have its
words, those that share most of their own counted once; the logarithm of its passage's rank; the
search score of its own sentence; and what of the question does not fit that sentence, its heading
and its article's title, see ``qa.answering.mismatch``."""

FALLBACK = "span"
"""The reader whose calibration stands in for that of another span reader."""

REMEDY = "set PULLQUOTE_CONFIDENCE to a file that 'python -m qa.training.calibration --write' wrote"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer; the fields are the ``FEATURES``."""

    score: float
    margin: float
    passage_score: float
    passage_margin: float
    agreement: float
    rank: float
    sentence_score: float
    names_missing: float
    negation_missing: float
    opposites: float

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(float(getattr(self, feature)) for feature in FEATURES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The scale on which candidates of different passages compete.

    A reader's margin over the null score says little more once it is large: with a
    ``temperature`` it counts as the logarithm of the probability that it stands for, without one
    as it is. ``passage_weight`` is that of the lead of the passage's search score over the best
    passage's (0 for the best, negative for the others), ``sentence_weight`` that of the search
    score of the candidate's own sentence.
    """

    passage_weight: float
    sentence_weight: float = 0.0
    temperature: float | None = None

    def value(self, score: float, lead: float, sentence_score: float) -> float:
        """Where a candidate stands, higher is better."""
        own = -softplus(-score / self.temperature) if self.temperature else score
        return own + self.passage_weight * lead + self.sentence_weight * sentence_score


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over ``FEATURES``, the threshold to answer from, and the scale on
    which candidates are compared."""

    intercept: float
    coefficients: tuple[float, ...]
    threshold: float
    comparison: Comparison

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


def softplus(value: float) -> float:
    """``log(1 + exp(value))``, for any value."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


def calibration_of(reader: str, file: Path | None = None) -> Calibration:
    """The calibration of a reader, from a file like ``confidence.json`` beside this module or from
    that itself.

    Any span reader that has none, such as a Hugging Face model, gets the shipped span reader's,
    with a warning: its scores are margins over the null score too, but how far they can be
    believed differs from model to model. Raises ``ModelError`` when the file cannot be used.
    """
    kept = _read(file) if file else _shipped()
    if reader in kept:
        return calibration_from(kept[reader])
    warnings.warn(
        f"no confidence was fitted for the reader {reader!r}, so that of {FALLBACK!r} stands in: "
        "fit one with 'python -m qa.training.calibration --write FILE' and set "
        "PULLQUOTE_CONFIDENCE=FILE",
        stacklevel=2,
    )
    return calibration_from(_shipped()[FALLBACK])


def _shipped() -> Mapping[str, Mapping[str, object]]:
    shipped: Mapping[str, Mapping[str, object]] = json.loads(
        (files("qa.answering") / "confidence.json").read_text("utf-8")
    )
    return shipped


def _read(file: Path) -> Mapping[str, Mapping[str, object]]:
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{str(file)!r} cannot be read ({error}): {REMEDY}") from error
    if not isinstance(kept, dict) or not all(isinstance(one, dict) for one in kept.values()):
        raise ModelError(f"{str(file)!r} holds no coefficients by reader: {REMEDY}")
    return kept


def calibration_from(values: Mapping[str, object]) -> Calibration:
    """A calibration from its JSON form. Raises ``ModelError``."""
    coefficients = values.get("coefficients")
    if not isinstance(coefficients, Mapping) or set(coefficients) != set(FEATURES):
        raise ModelError(
            f"a calibration's coefficients must be those of {', '.join(FEATURES)}: {REMEDY}"
        )
    try:
        return Calibration(
            float(str(values["intercept"])),
            tuple(float(coefficients[feature]) for feature in FEATURES),
            float(str(values["threshold"])),
            Comparison(**values["comparison"]),  # type: ignore[arg-type]  # any other keys fail
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"a calibration lacks something ({error}): {REMEDY}") from error


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


def shares_half(one: str, other: str) -> bool:
    """Whether one of two texts shares half of its triples of words with the other."""
    return _shares_half(_triples(one), _triples(other))


def _triples(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def _shares_half(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    return 2 * len(one & other) >= min(len(one), len(other))
