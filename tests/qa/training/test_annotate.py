"""A run's votes stand in the new file as answers, beside the people's."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from index.errors import InputError
from qa.training.__main__ import app
from qa.training.annotate import Annotator, annotate, shared_votes
from qa.training.examples import read_examples
from qa.training.plan import TrainingPlan
from qa.training.trainer import Watch, train

ARTICLES = Path(__file__).parents[2] / "data" / "training" / "articles.json"


@pytest.fixture(scope="module", params=["base", "mpnet"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a run that has learnt the articles' answers by heart."""
    base = request.getfixturevalue(request.param)
    plan = TrainingPlan(
        files=(str(ARTICLES),), base=str(base), full_passes=80, short_passes=0, max_length=96,
        negatives=0, learning_rate=3e-3, head_learning_rate=3e-3, batch_examples=12,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("run")
    train(plan, folder)
    return folder / "checkpoint.pt"


def test_votes_follow_the_probabilities_and_add_up() -> None:
    start, end = np.log([0.6, 0.1, 0.3]), np.log([0.01, 0.98, 0.01])
    votes = shared_votes(start.astype(np.float32), end.astype(np.float32), 10)
    assert votes[0] == ((0, 1), 8)  # 0.588 of 0.702: no span ends before it starts
    assert dict(votes) == {(0, 1): 8, (1, 1): 2}
    assert all(first <= last for (first, last), _ in votes)


def test_a_certain_reader_gives_one_span_all_votes() -> None:
    start = np.asarray([0, 50, 0, 0], dtype=np.float32)
    assert shared_votes(start, np.roll(start, 1), 7) == [((1, 2), 7)]


def test_no_vote_goes_to_an_overlong_span() -> None:
    start, end = np.full(60, -9.0, dtype=np.float32), np.full(60, -9.0, dtype=np.float32)
    start[0] = end[59] = 9
    assert all(last - first < 30 for (first, last), _ in shared_votes(start, end, 20))


def test_a_run_votes_for_what_it_has_learnt(run: Path) -> None:
    examples = [example for example in read_examples(ARTICLES) if example.spans]
    opinions = Annotator(run).opinions(examples, 10)
    agreed = [
        sum(example.context[a:b] in example.answers() for a, b in spans) / 10
        for example, spans in zip(examples, opinions, strict=True)
    ]
    assert all(spans for spans in opinions)
    assert np.mean(agreed) > 0.7


def test_the_new_file_is_squad_and_keeps_the_old_answers(run: Path, tmp_path: Path) -> None:
    shown: list[tuple[str, int, int]] = []
    output = tmp_path / "folder" / "new.json"
    annotate(run, ARTICLES, output, 10, 2, report=lambda *line: shown.append(line))
    old, new = read_examples(ARTICLES), read_examples(output)  # which checks every offset
    assert [dataclasses.replace(e, spans=(), article="") for e in old] == [
        dataclasses.replace(e, spans=(), article="") for e in new
    ]
    answered = sum(bool(example.spans) for example in old)
    assert shown[-1] == ("annotating", answered, answered)
    for before, after in zip(old, new, strict=True):
        assert after.spans[: 2 * len(before.spans)] == before.spans * 2
        assert bool(after.spans) == bool(before.spans)
        assert len(after.spans) <= 2 * len(before.spans) + 10


def test_a_file_that_exists_is_not_touched(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.json"
    output.write_text("mine")
    with pytest.raises(InputError, match="exists already: give the path of a new file"):
        annotate(run, ARTICLES, output)
    assert output.read_text() == "mine"


def test_the_command_says_how_far_the_reader_differs(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.json"
    arguments = ["annotate", str(run), str(ARTICLES), "--output", str(output)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    people = {e.id: set(e.spans) for e in read_examples(ARTICLES)}
    others = sum(s not in people[e.id] for e in read_examples(output) for s in e.spans)
    assert f"{others} votes for spans that no person marked" in result.output
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2
    assert "exists already" in again.output


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    arguments = ["annotate", str(ARTICLES), str(ARTICLES), "--output", str(tmp_path / "new.json")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "is no checkpoint" in result.output
    assert json.loads(ARTICLES.read_text())["data"]


def test_an_mpnet_run_resumes(mpnet: Path, tmp_path: Path) -> None:
    plan = TrainingPlan(files=(str(ARTICLES),), base=str(mpnet), max_length=96)
    whole = train(plan, tmp_path / "whole")
    train(plan, tmp_path / "parts", watch=Watch(stop_after=1))
    parts = train(plan, tmp_path / "parts", resume=True)
    assert all(parts.average[name].equal(tensor) for name, tensor in whole.average.items())
