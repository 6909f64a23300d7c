"""Measuring what trimming gains, on a reader that ends its spans with a comma."""

import json
from pathlib import Path

import pytest

from benchmarks.trimming import main
from tests.qa.reading.conftest import write_table_weights


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """A question with an answer, the same once more, and one without."""
    asked = {"question": "who", "answers": [{"text": "Clara", "answer_start": 4}]}
    impossible = {"id": "3", "question": "who", "answers": [], "is_impossible": True}
    paragraph = {
        "context": "The Clara, sells bread.",
        "qas": [{**asked, "id": "1"}, {**asked, "id": "2"}, impossible],
    }
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "", "paragraphs": [paragraph]}]}))
    return file


def printed(squad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> object:
    weights = write_table_weights(tmp_path / "weights", {"clara": (5, -9), ",": (-9, 5)})
    main([str(squad), f"--weights={weights}", *more])
    return json.loads(capsys.readouterr().out)


def test_exact_match_is_blind_to_a_comma_and_the_letter_is_not(
    squad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = {"questions": 2, "exact_match": 100.0, "f1": 100.0}
    assert printed(squad, tmp_path, capsys) == {
        "trimmed": {**same, "to_the_letter": 100.0},
        "untrimmed": {**same, "to_the_letter": 0.0},
        "whatever_length": {**same, "to_the_letter": 100.0},
    }


def test_every_so_manyth_question_can_be_asked_alone(
    squad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = printed(squad, tmp_path, capsys, "--every=2")
    assert isinstance(measured, dict)
    assert measured["trimmed"]["questions"] == 1
