"""What the service answers is what its description says, to whatever it is sent."""

from pathlib import Path

import pytest

from benchmarks.fuzz.__main__ import fuzz


def test_generated_requests_find_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With all of schemathesis' checks and a fixed seed; ``make fuzz`` sends far more."""
    found = fuzz(tmp_path / "fuzz", examples=3, seed=1, needs_key=True)

    assert found == 0, capfd.readouterr().out
