"""The two pictures: their format, the same bytes each time, and what they say."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import InputError, ModelError
from qa.evaluation.abstention import adaptive_bins, reliability_bins, risk_coverage
from qa.training.plots import draw, reliability_diagram, risk_coverage_curve

CONFIDENCES, CORRECT = [0.15, 0.35, 0.35, 0.8, 0.95], [0, 0, 1, 1, 1]


def reliability(path: Path) -> None:
    reliability_diagram(reliability_bins(CONFIDENCES, CORRECT), path)


def risk(path: Path) -> None:
    risk_coverage_curve(risk_coverage(CONFIDENCES, [1 - right for right in CORRECT]), path)


pictures = pytest.mark.parametrize("picture", [reliability, risk])


@pictures
@pytest.mark.parametrize(("suffix", "magic"), [(".png", b"\x89PNG\r\n"), (".svg", b"<?xml ")])
def test_the_suffix_chooses_the_format(
    picture: Callable[[Path], None], suffix: str, magic: bytes, tmp_path: Path
) -> None:
    picture(tmp_path / f"picture{suffix}")
    assert (tmp_path / f"picture{suffix}").read_bytes().startswith(magic)


@pictures
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_values_give_the_same_bytes(
    picture: Callable[[Path], None], suffix: str, tmp_path: Path
) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    picture(one)
    picture(other)
    assert one.read_bytes() == other.read_bytes()


def test_the_reliability_diagram_says_its_calibration_error(tmp_path: Path) -> None:
    # Gaps: 0.15, |0.5 - 0.35| twice, 0.2, 0.05; over five answers 0.14.
    path = tmp_path / "reliability.svg"
    reliability(path)
    assert "<!-- Reliability (expected calibration error 0.140) -->" in path.read_text()


def test_the_risk_coverage_curve_says_its_area_and_overall_risk(tmp_path: Path) -> None:
    # Risks 0, 0, 1/4 (twice) and 2/5; a fifth of their sum is 0.18.
    path = tmp_path / "risk.svg"
    risk(path)
    assert "<!-- by confidence: area 0.180 -->" in path.read_text()
    assert "<!-- all answered: 0.400 -->" in path.read_text()


def test_a_bin_of_equal_confidences_can_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "reliability.svg"
    reliability_diagram(adaptive_bins([0.5, 0.5], [0, 1]), path)
    assert path.stat().st_size > 0


def test_a_curve_without_risk_can_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "risk.svg"
    risk_coverage_curve(risk_coverage([0.5], [0]), path)
    assert path.stat().st_size > 0


@pictures
def test_another_suffix_is_refused(picture: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.gif is neither \.png nor \.svg: choose one of these"):
        picture(tmp_path / "a.gif")


@pictures
def test_a_missing_folder_is_refused(picture: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written \(No such file or directory\): give"):
        picture(tmp_path / "missing" / "a.png")


@pictures
def test_without_matplotlib_the_message_names_the_extra(
    picture: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModelError, match=r"run pip install 'pullquote\[train\]'$"):
        picture(tmp_path / "a.png")


def test_no_bins_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no bins to draw"):
        reliability_diagram([], tmp_path / "a.png")


def test_no_points_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no points to draw"):
        risk_coverage_curve([], tmp_path / "a.png")


def test_pictures_are_drawn(tmp_path: Path) -> None:
    draw([0.2, 0.7, 0.9], [0.0, 0.0, 1.0], tmp_path / "plots")
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {
        "reliability.png",
        "risk-coverage.png",
    }
