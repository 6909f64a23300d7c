"""Pictures for the documents: the reliability diagram and the risk-coverage curve.

The file's suffix chooses PNG or SVG. The same values give the same bytes with the same
matplotlib. matplotlib is in the extra ``train``, so it is imported only when a picture is drawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.errors import InputError, ModelError
from qa.evaluation.abstention import (
    Bin,
    RiskCoveragePoint,
    area_under_risk_coverage,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _GREY = "#2a6fbb", "#8a8a8a"
# Without the dates and versions that would make equal pictures differ.
_METADATA: Mapping[str, Mapping[str, None]] = {".png": {"Software": None}, ".svg": {"Date": None}}


def draw(confidences: npt.ArrayLike, right: npt.ArrayLike, folder: Path) -> None:
    """Draw both into a folder: as ``reliability.png`` and ``risk-coverage.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    reliability_diagram(reliability_bins(confidences, right), folder / "reliability.png")
    losses = 1 - np.asarray(right, dtype=np.float64)
    risk_coverage_curve(risk_coverage(confidences, losses), folder / "risk-coverage.png")


def reliability_diagram(bins: Sequence[Bin], path: Path) -> None:
    """Draw accuracy against confidence, a point a bin, above how many answers each bin holds."""
    if not bins:
        raise ValueError("there are no bins to draw")
    with _figure(path, height=5.6) as figure:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        _draw_reliability(upper, bins)
        _draw_counts(lower, bins)


def risk_coverage_curve(points: Sequence[RiskCoveragePoint], path: Path) -> None:
    """Draw the risk of the answers given against the share of questions answered."""
    if not points:
        raise ValueError("there are no points to draw")
    with _figure(path, height=4.0) as figure:
        axes: Axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, max(point.risk for point in points) * 1.05 or 1))
        overall = points[-1].risk
        axes.axhline(overall, color=_GREY, linestyle="--", label=f"all answered: {overall:.3f}")
        area = area_under_risk_coverage(points)
        axes.plot(
            [0.0, *(point.coverage for point in points)],
            [points[0].risk, *(point.risk for point in points)],
            color=_BLUE,
            drawstyle="steps-pre",
            label=f"by confidence: area {area:.3f}",
        )
        axes.set(title="Risk and coverage", xlabel="share answered", ylabel="mean loss of these")
        axes.legend(frameon=False, loc="best")


def _draw_reliability(axes: "Axes", bins: Sequence[Bin]) -> None:
    error = expected_calibration_error(bins)
    axes.set(xlim=(0, 1), ylim=(0, 1), ylabel="share that is right")
    axes.set_title(f"Reliability (expected calibration error {error:.3f})")
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", label="as confident as right")
    axes.plot(
        [bin_.confidence for bin_ in bins],
        [bin_.accuracy for bin_ in bins],
        color=_BLUE,
        marker="o",
        clip_on=False,
        label="measured",
    )
    axes.legend(frameon=False, loc="upper left")


def _draw_counts(axes: "Axes", bins: Sequence[Bin]) -> None:
    axes.bar(
        [bin_.lower for bin_ in bins],
        [bin_.count for bin_ in bins],
        # A bin of equal confidences has no width of its own.
        width=[max(bin_.upper - bin_.lower, 0.005) for bin_ in bins],
        align="edge",
        color=_BLUE,
        edgecolor="white",
    )
    axes.set(xlabel="confidence", ylabel="answers")


@contextmanager
def _figure(path: Path, height: float) -> Iterator["Figure"]:
    """A figure, saved to the path on leaving; ``height`` in inches at 150 dots an inch."""
    kind = path.suffix.lower()
    if kind not in _METADATA:
        raise InputError(f"{path} is neither .png nor .svg: choose one of these", "file")
    try:
        from matplotlib import style
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ModelError(
            f"pictures need matplotlib, which cannot be imported ({error}): "
            "run pip install 'pullquote[train]'"
        ) from error
    # Neither the user's matplotlibrc nor a random salt may change the picture.
    with style.context(
        [
            "default",
            {"svg.hashsalt": "pullquote", "axes.spines.right": False, "axes.spines.top": False},
        ]
    ):
        figure = Figure(figsize=(5.6, height), layout="constrained")
        yield figure
        try:
            figure.savefig(path, format=kind[1:], dpi=150, metadata=dict(_METADATA[kind]))
        except OSError as error:
            raise InputError(
                f"{path} cannot be written ({error.strerror}): give a path in a writable folder",
                "file",
            ) from None
