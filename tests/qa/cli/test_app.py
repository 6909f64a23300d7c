"""The application."""

import subprocess
import sys

import pytest

from tests.qa.cli.conftest import Run

COMMANDS = (
    "index",
    "ask",
    "serve",
    "verify",
    "check",
    "rebuild",
    "export",
    "import",
    "backup",
    "evaluate",
    "keys",
)


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"\n  {command} " in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: pullquote {command} " in " ".join(result.stdout.split())


def test_training_is_no_command_of_the_product(run: Run) -> None:
    result = run("train-reader")
    assert result.exit_code == 2
    assert "No such command 'train-reader'" in result.stderr


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    result = run("aks")
    assert result.exit_code == 2
    assert "No such command 'aks'" in result.stderr


def test_help_loads_no_model_library() -> None:
    heavy = ("torch", "transformers", "faiss", "numpy", "sklearn", "fastapi")
    program = (
        "import sys; from typer.testing import CliRunner; from qa.cli.app import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    result = subprocess.run(  # noqa: S603 # this interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
