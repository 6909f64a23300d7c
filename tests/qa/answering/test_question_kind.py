"""The kind of a question, told by the weights that ship."""

import json
from importlib.resources import files

import numpy as np
import pytest

from qa.answering.question_kind import (
    BUCKETS,
    KINDS,
    WEIGHTS,
    features,
    from_json,
    shipped,
    to_json,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the lighthouse at Skarn built?", "quote"),
        ("Is the old mill still standing?", "yes_no"),
        ("Which villages were evacuated?", "list"),
        ("Who painted it, when, and what did it cost?", "parts"),
        ("Summarise the report on the harbour", "overview"),
        ("When was this article published?", "published"),
        ("Who wrote this article?", "author"),
        ("What can you do?", "help"),
        ("Which articles do you have?", "library"),
        ("good morning", "smalltalk"),
        ("write me a poem about autumn", "order"),
        ("qwrtz plkj vbnm", "gibberish"),
    ],
)
def test_questions_of_each_kind_are_told_apart(question: str, kind: str) -> None:
    assert shipped().kind(question) == kind


def test_the_probabilities_of_the_kinds_sum_up_to_one() -> None:
    shares = shipped().probabilities("Who won?")
    assert list(shares) == list(KINDS)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("question", ["?", "😀", "東京は", "a" * 1000])
def test_any_text_has_a_kind(question: str) -> None:
    assert shipped().kind(question) in KINDS


def test_the_features_are_buckets_each_once_of_length_one() -> None:
    numbers, values = features("Who won the cup, and who lost?")
    assert len(set(numbers.tolist())) == len(numbers)
    assert numbers.min() >= 0
    assert numbers.max() < BUCKETS
    assert float(np.linalg.norm(values)) == pytest.approx(1.0, abs=1e-5)


def test_weights_come_back_from_json_but_for_rounding() -> None:
    random = np.random.default_rng(7)
    coefficients = random.normal(size=(len(KINDS), BUCKETS)).astype(np.float32)
    kept = from_json(json.loads(json.dumps(to_json(coefficients, [0.5] * len(KINDS)))))
    steps = np.abs(coefficients).max(axis=1, keepdims=True) / 127
    assert np.all(np.abs(kept.coefficients - coefficients) <= steps)
    assert kept.intercepts.tolist() == [0.5] * len(KINDS)


def test_weights_of_other_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match=r"question_kinds.json is of other kinds: fit it anew"):
        from_json({"kinds": ["quote"], "buckets": BUCKETS})


def test_the_weights_are_small() -> None:
    assert len((files("qa.answering") / WEIGHTS).read_bytes()) < 300_000
