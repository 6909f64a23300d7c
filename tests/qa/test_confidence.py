"""Confidence from evidence."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from qa.confidence import (
    FEATURES,
    Calibration,
    Evidence,
    agreement,
    calibration_from,
    calibration_of,
    logistic,
)

EVIDENCE = Evidence(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
WEIGHTED = Calibration(0.5, (1.0, -1.0, 0.5, 0.25, 0.0, -0.5), 0.4, 1.0)
VALUES = {
    "intercept": -1,
    "coefficients": dict.fromkeys(FEATURES, 0.5),
    "threshold": 0.4,
    "passage_weight": 2,
}


@pytest.mark.parametrize(
    ("log_odds", "probability"), [(0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25)]
)
def test_log_odds_are_probabilities(log_odds: float, probability: float) -> None:
    assert logistic(log_odds) == pytest.approx(probability)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_probability_lies_between_0_and_1_and_is_one_less_its_opposites(x: float) -> None:
    assert 0 <= logistic(x) <= 1
    assert logistic(x) + logistic(-x) == pytest.approx(1)


def test_confidence_is_the_regression_over_the_features_to_four_places() -> None:
    weighed = 0.5 + 1 - 2 + 1.5 + 1 + 0 - 3
    assert WEIGHTED.confidence(EVIDENCE) == round(1 / (1 + math.exp(-weighed)), 4)


@pytest.mark.parametrize("number", range(len(FEATURES)))
def test_every_feature_counts_by_its_own_coefficient(number: int) -> None:
    coefficients = tuple(float(i == number) for i in range(len(FEATURES)))
    calibration = replace(WEIGHTED, intercept=0.0, coefficients=coefficients)
    value = float(getattr(EVIDENCE, FEATURES[number]))
    assert calibration.confidence(EVIDENCE) == round(logistic(value), 4)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_confidence_grows_with_a_feature_of_positive_weight(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert WEIGHTED.confidence(replace(EVIDENCE, score=low)) <= WEIGHTED.confidence(
        replace(EVIDENCE, score=high)
    )


def test_every_shipped_reader_has_a_calibration() -> None:
    calibration = calibration_of("sentence")
    assert len(calibration.coefficients) == len(FEATURES)
    assert 0 <= calibration.threshold <= 1


def test_a_reader_without_a_calibration_is_told_with_those_that_have_one() -> None:
    with pytest.raises(ModelError, match=r"for the reader 'mine': fit one with .*sentence"):
        calibration_of("mine")


def test_a_calibration_is_read_from_its_json_form() -> None:
    assert calibration_from(VALUES) == Calibration(-1.0, (0.5,) * len(FEATURES), 0.4, 2.0)


@pytest.mark.parametrize("coefficients", [None, {}, dict.fromkeys(FEATURES[1:], 1.0)])
def test_a_calibration_has_a_coefficient_for_every_feature(coefficients: object) -> None:
    with pytest.raises(ModelError, match="must be those of score, margin,"):
        calibration_from({**VALUES, "coefficients": coefficients})


@pytest.mark.parametrize(
    ("words", "texts", "expected"),
    [
        ("Noon", ["at noon.", "NOON!", "at one."], 2),
        ("noon", ["at one."], 1),
        ("noon", [], 1),
        ("STRASSE", ["eine Straße", "Strasse"], 2),
    ],
)
def test_agreement_counts_the_texts_that_hold_the_words(
    words: str, texts: list[str], expected: float
) -> None:
    assert agreement(words, texts) == expected


STORY = "The ferry to Skye will leave the old pier at noon, said the harbour master on Monday."


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.upper(),
        STORY.replace("Monday", "Tuesday"),
        "A reader writes. " + STORY,
        f"{STORY} The city, whose council meets again in spring, has not said what all this costs.",
        STORY[:60],
    ],
)
def test_a_copy_does_not_agree_on_its_own(copy: str) -> None:
    independent = "At noon there is a boat to Skye, as the timetable of the island has it."
    assert agreement("noon", [STORY, copy]) == 1
    assert agreement("noon", [copy, independent, STORY]) == 2
