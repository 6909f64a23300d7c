import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from qa.training.command import default_base, export_reader, train_reader

ARTICLES = Path(__file__).parents[2] / "data" / "training" / "articles.json"


@pytest.fixture
def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(train_reader)
    app.command()(export_reader)
    return app


def test_it_trains_and_reports_each_step_as_a_line_of_json(
    command: typer.Typer, base: Path, tmp_path: Path
) -> None:
    options = ["--base", str(base), "--precision", "fp32", "--full-passes", "0", "--seed", "3"]
    arguments = ["train-reader", str(ARTICLES), "--output", str(tmp_path / "run"), *options]
    result = CliRunner().invoke(command, [*arguments, "--dev", str(ARTICLES)])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[0]["short answered"] == 30
    assert "articles f1" in lines[-1]
    assert json.loads((tmp_path / "run" / "plan.json").read_text())["seed"] == 3


def test_it_stops_after_so_many_steps_and_exports(
    command: typer.Typer, base: Path, tmp_path: Path
) -> None:
    arguments = ["train-reader", str(ARTICLES), "--output", str(tmp_path), "--base", str(base)]
    result = CliRunner().invoke(command, [*arguments, "--stop-after", "1"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "checkpoint.pt").is_file()


def test_help_names_the_options(command: typer.Typer) -> None:
    result = CliRunner().invoke(command, ["train-reader", "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    for option in ("--resume", "--from", "--sentences", "--dev", "--output", "--seed"):
        assert option in result.output


def test_bad_input_ends_with_the_message_and_2(command: typer.Typer, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[]")
    arguments = ["train-reader", str(bad), "--output", str(tmp_path / "run"), "--precision", "fp32"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert "not in SQuAD format" in result.output


def test_the_default_base_is_the_installed_embedder() -> None:
    assert (Path(default_base()) / "model.safetensors").is_file()
