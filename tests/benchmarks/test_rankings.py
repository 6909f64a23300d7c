"""Rankings compared on a small data set."""

import json
from pathlib import Path

import pytest

from benchmarks.rankings import main

SQUAD = Path(__file__).parents[1] / "data" / "squad" / "small-1.1.json"


@pytest.mark.model
def test_rankings_by_words_vectors_and_both_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(SQUAD), "--library", str(tmp_path)])
    measures = json.loads(capsys.readouterr().out)
    assert measures["questions"] == 4
    assert measures["paragraphs"] == 3
    assert measures["fused"] == {"recall": {"1": 1.0, "5": 1.0, "20": 1.0}, "mrr": 1.0}
    assert set(measures) == {"words", "vectors", "fused", "questions", "paragraphs"}
