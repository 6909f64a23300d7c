"""Whether confidence tells right from wrong and answerable from not. Every figure is in 0..1.

A confidence is higher for an answer that is likelier to be right. Arrays have the shape (n,), one
element a question, in any order: no figure depends on the order, also where confidences tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RiskCoveragePoint:
    """What answering everything with at least this confidence gives.

    ``coverage`` is the share of questions that are answered, ``risk`` the mean loss over those.
    """

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence, ``lower`` to ``upper``; never empty.

    In an equal-width bin these are its edges, open below and closed above; in an equal-mass bin
    they are the least and greatest confidence in it.
    """

    lower: float
    upper: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Answer everything with at least ``confidence``: the shares answered and refused.

    ``answered`` is the share of the positives that are answered, ``refused`` the share of the
    negatives that are not.
    """

    confidence: float
    answered: float
    refused: float


def auroc(positives: npt.ArrayLike, negatives: npt.ArrayLike) -> float | None:
    """The probability that a positive's confidence is above a negative's, ties counting half.

    The area under the ROC curve (Hanley and McNeil 1982): of answerable against impossible
    questions, say. None when either is empty. Confidences may be on any scale.
    """
    # scikit-learn takes seconds to import, and only this function needs it.
    from sklearn.metrics import roc_auc_score

    above, below = _floats(positives), _floats(negatives)
    if not above.size or not below.size:
        return None
    truth = np.repeat([1, 0], [above.size, below.size])
    return float(roc_auc_score(truth, np.concatenate([above, below])))


def risk_coverage(
    confidences: npt.ArrayLike, losses: npt.ArrayLike
) -> tuple[RiskCoveragePoint, ...]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010), coverage strictly rising to 1.

    One point a distinct confidence, from the highest; confidences may be on any scale. A loss
    is what answering costs, 0..1: 1 - F1, say, and 1 for an answer where there is none.
    """
    values, cost = _paired(confidences, losses)
    _within_unit(cost, "a loss")
    distinct, place, counts = np.unique(-values, return_inverse=True, return_counts=True)
    answered = np.cumsum(counts)
    risks = np.cumsum(np.bincount(place, cost)) / answered
    return tuple(
        RiskCoveragePoint(float(-value), float(share), min(float(risk), 1.0))
        for value, share, risk in zip(distinct, answered / values.size, risks, strict=True)
    )


def area_under_risk_coverage(points: Sequence[RiskCoveragePoint]) -> float:
    """The mean, over the questions, of the risk when answering down to that question's confidence.

    That is 1/n sum_i r(theta_i) with theta_i the i-th confidence (AURC; Geifman, Uziel and
    El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers"). Lower is
    better; ranking by chance gives the overall risk on average.
    """
    widths = np.diff([0.0, *(point.coverage for point in points)])
    return float(widths @ np.array([point.risk for point in points]))


def reliability_bins(
    confidences: npt.ArrayLike, correct: npt.ArrayLike, count: int = 10
) -> tuple[Bin, ...]:
    """Sort answers into ``count`` bins of equal width, leaving out empty ones; lowest first.

    Bin m = 1..M takes confidences in ((m-1)/M, m/M], and the first also 0 (Guo et al. 2017, "On
    Calibration of Modern Neural Networks"). ``confidences`` are probabilities; ``correct`` is 0
    or 1 for each, or a part of 1.
    """
    values, right = _probabilities(confidences, correct)
    edges = np.arange(_at_least_one(count) + 1) / count
    place = np.maximum(np.searchsorted(edges, values, side="left") - 1, 0)
    return tuple(
        _bin(float(edges[m]), float(edges[m + 1]), values[place == m], right[place == m])
        for m in np.unique(place)
    )


def adaptive_bins(
    confidences: npt.ArrayLike, correct: npt.ArrayLike, count: int = 10
) -> tuple[Bin, ...]:
    """Sort answers into at most ``count`` bins of equal mass; lowest first.

    As in Nguyen and O'Connor 2015, "Posterior calibration and exploratory analysis for natural
    language processing models", and the adaptive calibration error of Nixon et al. 2019. The
    answer with r answers strictly below it goes into bin floor(M r / n): equal confidences
    stay together, and without ties the bins' sizes differ by at most one.
    """
    values, right = _probabilities(confidences, correct)
    _at_least_one(count)
    below = np.searchsorted(np.sort(values), values, side="left")
    place = below * count // values.size
    members = [place == m for m in np.unique(place)]
    return tuple(
        _bin(
            float(values[chosen].min()), float(values[chosen].max()), values[chosen], right[chosen]
        )
        for chosen in members
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """The mean gap between confidence and accuracy: sum_m n_m / n |accuracy_m - confidence_m|.

    Over equal-width bins it is the ECE of Naeini, Cooper and Hauskrecht 2015, "Obtaining Well
    Calibrated Probabilities Using Bayesian Binning" (10 bins); over adaptive bins its equal-mass
    variant, which a few crowded bins cannot hide.
    """
    if not bins:
        raise ValueError("there are no bins to measure")
    total = sum(bin_.count for bin_ in bins)
    return sum(bin_.count * abs(bin_.accuracy - bin_.confidence) for bin_ in bins) / total


def refused_negatives(
    positives: npt.ArrayLike, negatives: npt.ArrayLike, answered: float = 0.95
) -> OperatingPoint:
    """What share of the negatives is refused when at least ``answered`` of the positives are not.

    The threshold is the highest confidence of a positive that still answers that share; at it
    or above, a question is answered. This is 1 - the false positive rate at 95 % true positive
    rate (Liang, Li and Srikant 2018, ODIN).
    """
    above, below = np.sort(_floats(positives))[::-1], _floats(negatives)
    if not above.size or not below.size:
        raise ValueError("both positives and negatives are needed")
    if not 0 < answered <= 1:
        raise ValueError(f"the share answered must be in 0..1 and above 0, not {answered}")
    # The tolerance keeps 0.95 * 20 at 19, whichever way the product rounds.
    threshold = above[int(np.ceil(answered * above.size - 1e-9)) - 1]
    return OperatingPoint(
        float(threshold), float((above >= threshold).mean()), float((below < threshold).mean())
    )


def _bin(lower: float, upper: float, confidences: Floats, correct: Floats) -> Bin:
    return Bin(lower, upper, confidences.size, float(confidences.mean()), float(correct.mean()))


def _floats(values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"the values must have the shape (n,), not {array.shape}")
    if np.isnan(array).any():
        raise ValueError("a value is not a number")
    return array


def _paired(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Floats, Floats]:
    one, other = _floats(first), _floats(second)
    if one.size != other.size or not one.size:
        raise ValueError(f"two equally long, filled arrays are needed: {one.size}, {other.size}")
    return one, other


def _probabilities(confidences: npt.ArrayLike, correct: npt.ArrayLike) -> tuple[Floats, Floats]:
    values, right = _paired(confidences, correct)
    _within_unit(values, "a confidence")
    _within_unit(right, "correctness")
    return values, right


def _within_unit(values: Floats, name: str) -> None:
    outside = values[(values < 0) | (values > 1)]
    if outside.size:
        raise ValueError(f"{name} must lie in 0..1, not {outside[0]}")


def _at_least_one(count: int) -> int:
    if count < 1:
        raise ValueError(f"at least one bin is needed, not {count}")
    return count
