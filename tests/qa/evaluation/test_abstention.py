"""Ranking, risk and calibration, against values worked out by hand and by brute force."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.abstention import (
    Bin,
    OperatingPoint,
    RiskCoveragePoint,
    adaptive_bins,
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
    refused_negatives,
    reliability_bins,
    risk_coverage,
)

# Few distinct values, so that ties are common.
confidence = st.sampled_from([0.0, 0.1, 0.3, 0.3000000001, 0.5, 0.7, 0.95, 1.0])
confidences = st.lists(confidence, min_size=1, max_size=20)
judged = st.lists(st.tuples(confidence, st.booleans()), min_size=1, max_size=30)


def columns(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [value for value, _ in pairs], [right for _, right in pairs]


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.4, 0.2], 3.5 / 4),
    ],
)
def test_auroc_is_the_share_of_pairs_in_order_with_ties_as_half(
    positives: list[float], negatives: list[float], expected: float
) -> None:
    assert auroc(positives, negatives) == pytest.approx(expected)


@settings(deadline=None)  # the first call imports scikit-learn
@given(confidences, confidences)
def test_auroc_agrees_with_counting_pairs(positives: list[float], negatives: list[float]) -> None:
    wins = [(a > b) + (a == b) / 2 for a, b in product(positives, negatives)]
    assert auroc(positives, negatives) == pytest.approx(sum(wins) / len(wins))


def test_auroc_is_undefined_without_negatives() -> None:
    assert auroc([0.5], []) is None


def test_auroc_takes_confidences_of_any_scale() -> None:
    assert auroc([12.5, -3.0], [-40.0]) == 1.0


def test_a_confidence_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="a value is not a number"):
        auroc([float("nan")], [0.5])


def test_confidences_in_a_table_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must have the shape \(n,\), not \(1, 2\)"):
        auroc([[0.1, 0.2]], [0.5])


def test_risk_coverage_answers_ties_together() -> None:
    points = risk_coverage([0.9, 0.5, 0.5, 0.2], [0, 1, 0, 1])
    assert points == (
        RiskCoveragePoint(0.9, 0.25, 0.0),
        RiskCoveragePoint(0.5, 0.75, 1 / 3),
        RiskCoveragePoint(0.2, 1.0, 0.5),
    )


def test_the_area_weighs_each_risk_by_the_questions_that_have_it() -> None:
    points = risk_coverage([0.9, 0.5, 0.5, 0.2], [0, 1, 0, 1])
    assert area_under_risk_coverage(points) == pytest.approx((0 + 1 / 3 + 1 / 3 + 1 / 2) / 4)


def test_without_ties_the_area_is_the_mean_of_the_running_risks() -> None:
    points = risk_coverage([0.1, 0.4, 0.9], [1, 0, 1])
    assert area_under_risk_coverage(points) == pytest.approx((1 / 1 + 1 / 2 + 2 / 3) / 3)


@given(judged)
def test_coverage_rises_to_one_as_confidence_falls(pairs: list[tuple[float, bool]]) -> None:
    points = risk_coverage(*columns(pairs))
    coverages = [point.coverage for point in points]
    assert coverages == sorted(set(coverages))
    assert coverages[-1] == 1.0
    assert [point.confidence for point in points] == sorted({value for value, _ in pairs})[::-1]


@given(judged)
def test_the_last_risk_is_the_mean_loss(pairs: list[tuple[float, bool]]) -> None:
    values, losses = columns(pairs)
    assert risk_coverage(values, losses)[-1].risk == pytest.approx(np.mean(losses))


@given(judged, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_changes_nothing(
    pairs: list[tuple[float, bool]], random: Random
) -> None:
    mixed = list(pairs)
    random.shuffle(mixed)
    assert risk_coverage(*columns(mixed)) == risk_coverage(*columns(pairs))
    sizes = [[bin_.count for bin_ in adaptive_bins(*columns(some), 4)] for some in (pairs, mixed)]
    assert sizes[0] == sizes[1]


def test_a_loss_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a loss must lie in 0\.\.1, not 2\.0"):
        risk_coverage([0.5], [2])


def test_losses_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="two equally long, filled arrays are needed: 2, 1"):
        risk_coverage([0.5, 0.6], [1])


def test_an_edge_belongs_to_the_bin_below_it_and_zero_to_the_first() -> None:
    bins = reliability_bins([0.0, 0.1, 0.3, 0.6, 0.7, 1.0], [0, 0, 0, 0, 0, 0])
    assert [(bin_.lower, bin_.upper, bin_.count) for bin_ in bins] == [
        (0.0, 0.1, 2),
        (0.2, 0.3, 1),
        (0.5, 0.6, 1),
        (0.6, 0.7, 1),
        (0.9, 1.0, 1),
    ]


def test_a_bin_holds_the_mean_confidence_and_the_accuracy() -> None:
    bins = reliability_bins([0.5, 0.75, 1.0], [1, 0, 1], 2)
    assert bins == (Bin(0.0, 0.5, 1, 0.5, 1.0), Bin(0.5, 1.0, 2, 0.875, 0.5))


def test_the_calibration_error_weighs_each_gap_by_its_answers() -> None:
    bins = reliability_bins([0.5, 0.75, 1.0], [1, 0, 1], 2)
    assert expected_calibration_error(bins) == pytest.approx(1 / 3 * 0.5 + 2 / 3 * 0.375)


def test_confidence_that_is_always_as_right_as_it_says_has_no_error() -> None:
    bins = reliability_bins([0.25] * 4 + [1.0], [1, 0, 0, 0, 1])
    assert expected_calibration_error(bins) == 0.0


def test_sure_and_wrong_has_the_greatest_error() -> None:
    assert expected_calibration_error(reliability_bins([1.0, 0.0], [0, 1])) == 1.0


@given(judged, st.integers(1, 15))
def test_calibration_errors_lie_between_zero_and_one(
    pairs: list[tuple[float, bool]], count: int
) -> None:
    for bins in (reliability_bins(*columns(pairs), count), adaptive_bins(*columns(pairs), count)):
        assert -1e-12 <= expected_calibration_error(bins) <= 1 + 1e-12
        assert sum(bin_.count for bin_ in bins) == len(pairs)


@given(judged)
def test_one_bin_has_the_gap_between_the_means(pairs: list[tuple[float, bool]]) -> None:
    values, right = columns(pairs)
    gap = abs(np.mean(values) - np.mean(right))
    assert expected_calibration_error(reliability_bins(values, right, 1)) == pytest.approx(gap)


def test_adaptive_bins_hold_equally_many_answers() -> None:
    bins = adaptive_bins([0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97], [1, 1, 0, 1, 1, 0, 1], 3)
    assert [(bin_.lower, bin_.upper, bin_.count) for bin_ in bins] == [
        (0.91, 0.93, 3),
        (0.94, 0.95, 2),
        (0.96, 0.97, 2),
    ]


def test_adaptive_bins_keep_equal_confidences_together() -> None:
    bins = adaptive_bins([0.5, 0.5, 0.5, 0.9], [1, 0, 0, 1], 2)
    assert [(bin_.confidence, bin_.count) for bin_ in bins] == [(0.5, 3), (0.9, 1)]


@given(st.sets(st.integers(0, 1000), min_size=1, max_size=60), st.integers(1, 12))
def test_adaptive_bins_without_ties_differ_by_at_most_one(values: set[int], count: int) -> None:
    bins = adaptive_bins([value / 1000 for value in values], [1] * len(values), count)
    sizes = [bin_.count for bin_ in bins]
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(count, len(values))


def test_a_confidence_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a confidence must lie in 0\.\.1, not 1\.5"):
        reliability_bins([1.5], [1])


def test_no_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one bin is needed, not 0"):
        adaptive_bins([0.5], [1], 0)


def test_nothing_has_no_calibration_error() -> None:
    with pytest.raises(ValueError, match="no bins to measure"):
        expected_calibration_error([])


def test_the_threshold_answers_19_of_20_positives() -> None:
    positives = [n / 20 for n in range(1, 21)]
    assert refused_negatives(positives, [0.01, 0.09, 0.1, 0.5]) == OperatingPoint(0.1, 0.95, 0.5)


def test_positives_that_tie_with_the_threshold_are_answered_too() -> None:
    assert refused_negatives([0.2, 0.2, 0.9], [0.1, 0.2], 0.5) == OperatingPoint(0.2, 1.0, 0.5)


@given(confidences, confidences, st.sampled_from([0.05, 0.5, 0.95, 1.0]))
def test_at_least_the_wanted_share_is_answered_and_a_higher_threshold_would_not(
    positives: list[float], negatives: list[float], wanted: float
) -> None:
    found = refused_negatives(positives, negatives, wanted)
    assert found.answered >= wanted - 1e-9
    assert np.mean([value > found.confidence for value in positives]) < wanted


@pytest.mark.parametrize(("positives", "negatives"), [([], [0.5]), ([0.5], [])])
def test_refusing_needs_positives_and_negatives(
    positives: list[float], negatives: list[float]
) -> None:
    with pytest.raises(ValueError, match="both positives and negatives are needed"):
        refused_negatives(positives, negatives)


def test_the_share_answered_cannot_be_none() -> None:
    with pytest.raises(ValueError, match=r"must be in 0\.\.1 and above 0, not 0"):
        refused_negatives([0.5], [0.5], 0)
