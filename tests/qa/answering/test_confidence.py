"""Confidence from evidence."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from qa.answering.confidence import (
    FEATURES,
    Calibration,
    Comparison,
    Evidence,
    agreement,
    calibration_from,
    calibration_of,
    logistic,
)

EVIDENCE = Evidence(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
WEIGHTS = (1.0, -1.0, 0.5, 0.25, 0.0, -0.5, 0.25, -0.125, 0.0, 0.2)
WEIGHTED = Calibration(0.5, WEIGHTS, 0.4, Comparison(1.0))
VALUES = {
    "intercept": -1,
    "coefficients": dict.fromkeys(FEATURES, 0.5),
    "threshold": 0.4,
    "comparison": {"passage_weight": 2.0, "temperature": 3.0},
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
    weighed = 0.5 + 1 - 2 + 1.5 + 1 + 0 - 3 + 1.75 - 1 + 0 + 2
    assert WEIGHTED.confidence(EVIDENCE) == round(1 / (1 + math.exp(-weighed)), 4)


def test_candidates_are_compared_by_score_lead_and_sentence() -> None:
    assert Comparison(0.5, sentence_weight=2.0).value(3.0, -1.0, 0.25) == 3.0 - 0.5 + 0.5


def test_with_a_temperature_a_score_counts_as_the_log_of_its_probability() -> None:
    comparison = Comparison(0.0, temperature=2.0)
    for score in (-3000.0, -3.0, 0.0, 3.0):
        assert comparison.value(score, 0.0, 0.0) == pytest.approx(
            math.log(logistic(score / 2)) if score > -1000 else score / 2
        )
    assert comparison.value(3000.0, 0.0, 0.0) == 0.0


def test_a_comparison_has_no_other_parts() -> None:
    with pytest.raises(ModelError, match=r"lacks something .*'other'"):
        calibration_from({**VALUES, "comparison": {"passage_weight": 1.0, "other": 2.0}})


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


@pytest.mark.parametrize("reader", ["sentence", "span"])
def test_every_shipped_reader_has_a_calibration(reader: str) -> None:
    calibration = calibration_of(reader)
    assert len(calibration.coefficients) == len(FEATURES)
    assert 0 <= calibration.threshold <= 1


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file of coefficients as the calibration writes it."""
    file = tmp_path / "confidence.json"
    file.write_text(json.dumps({"mine": VALUES}), "utf-8")
    return file


def test_a_file_of_ones_own_goes_before_what_ships(own: Path) -> None:
    assert calibration_of("mine", own) == calibration_from(VALUES)


@pytest.mark.parametrize("of_own", [True, False])
def test_the_span_readers_stands_in_for_one_that_is_missing(own: Path, of_own: bool) -> None:
    with pytest.warns(UserWarning, match="fitted for the reader 'other'.*set PULLQUOTE_CONFIDENCE"):
        stand_in = calibration_of("other", own if of_own else None)
    assert stand_in == calibration_of("span")


@pytest.mark.parametrize(
    ("text", "what"),
    [("{", "cannot be read"), ("[]", "no coefficients by reader"), ('{"a": 1}', "no coefficients")],
)
def test_a_file_that_holds_no_coefficients_is_refused(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "confidence.json"
    file.write_text(text)
    with pytest.raises(ModelError, match=f"{what}.*: set PULLQUOTE_CONFIDENCE to a file"):
        calibration_of("mine", file)


def test_a_missing_file_of_coefficients_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.json' cannot be read"):
        calibration_of("mine", tmp_path / "gone.json")


def test_a_calibration_is_read_from_its_json_form() -> None:
    assert calibration_from(VALUES) == Calibration(
        -1.0, (0.5,) * len(FEATURES), 0.4, Comparison(2.0, temperature=3.0)
    )


@pytest.mark.parametrize("coefficients", [None, {}, dict.fromkeys(FEATURES[1:], 1.0)])
def test_a_calibration_has_a_coefficient_for_every_feature(coefficients: object) -> None:
    with pytest.raises(ModelError, match="must be those of score, margin,"):
        calibration_from({**VALUES, "coefficients": coefficients})


@pytest.mark.parametrize("lost", ["intercept", "threshold", "comparison"])
def test_a_calibration_has_all_its_parts(lost: str) -> None:
    with pytest.raises(ModelError, match=f"lacks something .*{lost}"):
        calibration_from({name: value for name, value in VALUES.items() if name != lost})


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
