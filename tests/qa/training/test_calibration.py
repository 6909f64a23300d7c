"""Calibration: fitting a confidence and a threshold that hold on articles not seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from qa.answering.confidence import FEATURES, Calibration, Comparison, calibration_from
from qa.training.calibration import (
    Observation,
    best_threshold,
    cross_validate,
    document,
    fit,
    main,
    measures,
    predict,
    write,
)

DATA = Path(__file__).parents[2] / "data"


def observation(
    score: float, right: bool, group: str = "a", *, kind: str = "answerable"
) -> Observation:
    features = (score, *(0.0 for _ in FEATURES[1:]))
    answerable = kind == "answerable"
    return Observation(
        "answerable" if answerable else "foreign",
        group,
        features,
        right,
        given=float(right),
        refused=float(not answerable),
    )


def noisy(count: int = 400) -> list[Observation]:
    """Right with a probability that grows with the score, in four articles; every third is
    foreign and never right."""
    random = np.random.default_rng(1)
    made = []
    for number in range(count):
        foreign = number % 3 == 2
        score = float(random.normal(-1 if foreign else 1))
        right = not foreign and random.random() < 1 / (1 + np.exp(-2 * score))
        kind = "foreign" if foreign else "answerable"
        made.append(observation(score, bool(right), f"article {number % 4}", kind=kind))
    return made


def test_a_fit_gives_higher_confidence_to_what_was_right_more_often() -> None:
    observations = noisy()
    intercept, coefficients = fit(observations)
    assert coefficients[0] > 0.5
    confidences = predict((intercept, coefficients), observations)
    order = np.argsort([one.features[0] for one in observations])
    assert (np.diff(confidences[order]) >= 0).all()


def test_predictions_are_those_of_the_calibration_that_ships() -> None:
    from qa.answering.confidence import Evidence

    observations = noisy(60)
    fitted = fit(observations)
    shipped = Calibration(*fitted, threshold=0.5, comparison=Comparison(0.0))
    for one, confidence in zip(observations, predict(fitted, observations), strict=True):
        assert shipped.confidence(Evidence(*one.features)) == pytest.approx(confidence, abs=1e-4)


def test_the_threshold_is_where_answering_gains_most() -> None:
    observations = [
        observation(0, False, kind="foreign"),
        observation(0, False, kind="foreign"),
        observation(0, True),
        observation(0, True),
    ]
    assert best_threshold(observations, np.array([0.1, 0.3, 0.6, 0.9])) == 0.31


def test_a_held_out_article_is_judged_by_the_others_alone() -> None:
    """Turning one article's labels round changes nothing in how that article is judged."""
    observations = noisy()
    turned = [
        Observation(one.kind, one.group, one.features, not one.right, one.refused, one.given)
        if one.group == "article 0"
        else one
        for one in observations
    ]
    mine = np.array([one.group == "article 0" for one in observations])
    before, thresholds_before = cross_validate(observations)
    after, thresholds_after = cross_validate(turned)
    assert (before[mine] == after[mine]).all()
    assert (thresholds_before[mine] == thresholds_after[mine]).all()
    assert not (before[~mine] == after[~mine]).all()


def test_the_measures_tell_the_kinds_of_questions_apart() -> None:
    observations = noisy()
    report = measures(observations, *cross_validate(observations))
    assert report["questions"] == {"answerable": 267, "unanswerable": 0, "foreign": 133}
    assert report["auroc_foreign"] > 0.85
    assert report["auroc_unanswerable"] is None
    assert report["expected_calibration_error"] < 0.1
    assert report["answered"]["foreign"] < report["answered"]["answerable"]


def test_what_is_written_is_read_back_beside_other_readers(tmp_path: Path) -> None:
    file = tmp_path / "confidence.json"
    first = Calibration(0.5, tuple(float(n) for n in range(len(FEATURES))), 0.3, Comparison(2.0))
    write(file, "one", first)
    write(file, "two", Calibration(0.0, (0.0,) * len(FEATURES), 0.5, Comparison(0.0)))
    kept = json.loads(file.read_text("utf-8"))
    assert set(kept) == {"one", "two"}
    assert calibration_from(kept["one"]) == first


def test_the_document_names_each_coefficient() -> None:
    calibration = Calibration(
        0.0, tuple(float(n) for n in range(len(FEATURES))), 0.5, Comparison(1.0)
    )
    assert list(document(calibration)["coefficients"]) == list(FEATURES)


@pytest.mark.model
def test_the_command_fits_on_question_sets_and_writes_the_coefficients(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "confidence.json"
    main(
        [
            *("--answerable", str(DATA / "training" / "articles.json")),
            *("--unanswerable", str(DATA / "squad" / "small-2.0.json")),
            *("--write", str(file), "--plots", str(tmp_path / "plots")),
        ]
    )
    report = json.loads(capsys.readouterr().out)
    assert report["reader"] == "span"
    assert report["questions"]["answerable"] == report["questions"]["foreign"] > 10
    assert report["questions"]["unanswerable"] > 0
    written = json.loads(file.read_text("utf-8"))["span"]
    assert written["coefficients"] == report["coefficients"]
    assert (tmp_path / "plots" / "reliability.png").exists()


def test_no_coefficient_counts_against_what_its_feature_speaks_for() -> None:
    """Agreement only ever went with wrong answers here, and still it does no harm."""
    random = np.random.default_rng(2)
    agreement, rank = FEATURES.index("agreement"), FEATURES.index("rank")
    observations = []
    for one in noisy():
        features = list(one.features)
        features[agreement] = 1.0 + (not one.right) * float(random.random())
        features[rank] = float(one.right)
        observations.append(
            Observation(one.kind, one.group, tuple(features), one.right, one.given, one.refused)
        )
    _, coefficients = fit(observations)
    assert coefficients[agreement] == 0.0
    assert coefficients[rank] == 0.0
    assert coefficients[FEATURES.index("score")] > 0


def test_a_feature_that_is_left_out_has_no_say() -> None:
    observations = noisy()
    intercept, coefficients = fit(observations, ("score",))
    assert coefficients[FEATURES.index("score")] == 0.0
    share = np.mean([one.right for one in observations])
    assert predict((intercept, coefficients), observations) == pytest.approx(share, abs=1e-3)
    confidences, _ = cross_validate(observations, ("score",))
    assert np.ptp(confidences) < np.ptp(cross_validate(observations)[0]) / 4
