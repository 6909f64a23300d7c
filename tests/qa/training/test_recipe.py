"""The recipe of the shipped weights: every command in it is one that the trainer takes."""

import json
import subprocess
import sys
from pathlib import Path

from typer.main import get_command

from qa.training.__main__ import app

RECIPE = Path(__file__).parents[3] / "qa" / "training" / "recipe.sh"


def test_every_command_of_the_recipe_is_taken_and_builds_on_what_was_made_before(
    tmp_path: Path,
) -> None:
    said = tmp_path / "said"
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"open({str(said)!r}, 'a').write(json.dumps(sys.argv[3:]) + '\\n')\n"
    )
    python.chmod(0o755)
    subprocess.run(  # noqa: S603 # the recipe, with an interpreter that only notes what it is told
        [str(RECIPE), "data", "mpnet", "runs"],
        env={"PYTHON": str(python), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    commands = get_command(app).commands  # type: ignore[attr-defined]
    made: set[str] = set()
    for name, *arguments in map(json.loads, said.read_text().splitlines()):
        context = commands[name].make_context(name, list(arguments))
        used = [one.partition("/hf")[0].removesuffix("/checkpoint.pt") for one in arguments[:-1]]
        assert {one for one in used if one.startswith("runs/")} <= made, arguments
        made.add(str(context.params["output"]))
    assert "runs/reader" in made
