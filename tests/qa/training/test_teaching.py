"""A teacher's opinion is of words, and a run can learn from it."""

import dataclasses
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.errors import InputError
from qa.training.__main__ import app
from qa.training.examples import read_examples
from qa.training.plan import TrainingPlan
from qa.training.teacher import Teacher, teach
from qa.training.teaching import NONE, read_teachings
from qa.training.trainer import Watch, train

ARTICLES = Path(__file__).parents[2] / "data" / "training" / "articles.json"


@pytest.fixture(scope="module", params=["base", "mpnet"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a run that overfits the articles' answers."""
    base = request.getfixturevalue(request.param)
    plan = TrainingPlan(
        files=(str(ARTICLES),), base=str(base), full_passes=80, short_passes=0, max_length=96,
        negatives=0, learning_rate=3e-3, head_learning_rate=3e-3, batch_examples=12,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("run")
    train(plan, folder)
    return folder / "checkpoint.pt"


def test_a_teacher_believes_what_it_has_learnt(run: Path) -> None:
    examples = read_examples(ARTICLES)
    opinions = Teacher(run).opinions(examples)
    assert len(opinions) == len(examples)
    for one in opinions:
        assert sum(one.starts.values()) == pytest.approx(1, abs=0.02)
        assert sum(one.ends.values()) == pytest.approx(1, abs=0.02)
    believed = [
        sum(one.starts.get(start, 0) for start, _ in set(example.spans))
        if example.spans
        else one.starts[NONE]
        for example, one in zip(examples, opinions, strict=True)
    ]
    assert sum(believed) / len(believed) > 0.7


def test_the_mean_of_teachers_is_kept_and_read_again(run: Path, tmp_path: Path) -> None:
    examples = read_examples(ARTICLES)
    shown: list[tuple[str, int, int]] = []
    file = tmp_path / "folder" / "articles.json"
    teach([run, run], ARTICLES, file, report=lambda *line: shown.append(line))
    assert shown[-1] == ("teaching", len(examples), len(examples))
    alone = Teacher(run).opinions(examples)
    for kept, own in zip(read_teachings(file, examples), alone, strict=True):
        assert kept.starts == pytest.approx(
            {place: p for place, p in own.starts.items() if p >= 0.005}, abs=1e-3
        )


def test_a_run_learns_from_teachings_and_resumes(
    run: Path, plan: TrainingPlan, tmp_path: Path
) -> None:
    teach([run], ARTICLES, tmp_path / "said" / "articles.json")
    taught = dataclasses.replace(plan, teachings=str(tmp_path / "said"), taught_weight=0.5)
    one = train(taught, tmp_path / "one")
    other = train(plan, tmp_path / "other")
    assert not all(one.average[name].equal(tensor) for name, tensor in other.average.items())
    train(taught, tmp_path / "parts", watch=Watch(stop_after=1))
    parts = train(taught, tmp_path / "parts", resume=True)
    assert all(parts.average[name].equal(tensor) for name, tensor in one.average.items())


def test_a_file_that_exists_is_not_touched(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.json"
    output.write_text("mine")
    with pytest.raises(InputError, match="exists already: give the path of a new file"):
        teach([run], ARTICLES, output)
    assert output.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "what"),
    [("mine", "holds no teachings"), ("[[[[-1, 1.0]], [[-1, 1.0]]]]", "is of 1 questions")],
)
def test_what_are_no_teachings_of_the_file_is_refused(
    content: str, what: str, tmp_path: Path
) -> None:
    file = tmp_path / "articles.json"
    file.write_text(content)
    with pytest.raises(InputError, match=what):
        read_teachings(file, read_examples(ARTICLES))


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    arguments = ["teach", str(ARTICLES), "--file", str(ARTICLES), "--output", str(tmp_path / "new")]
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
