"""The README holds: its settings, its commands, its example."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from index.embedding.model import ModelEmbedder
from index.ingest.files import take_in
from index.library import EmbeddedLibrary
from qa.answering.answer_json import answer_document
from qa.bootstrap import build_answerer
from qa.cli.app import app
from qa.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_listed_with_what_it_sets() -> None:
    for name, field in Settings.model_fields.items():
        assert f"| `{PREFIX}{name.upper()}` |" in README
        assert f"| {field.description} |" in README


def test_no_setting_is_listed_that_does_not_exist() -> None:
    listed = re.findall(rf"^\| `{PREFIX}(\w+)`", README, re.MULTILINE)
    assert {name.lower() for name in listed} == set(Settings.model_fields)


def test_every_command_of_the_readme_exists() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(r"^pullquote ([\w-]+)", README, re.MULTILINE)
    assert named
    assert set(named) <= set(commands)


def test_every_module_that_the_readme_runs_is_there() -> None:
    modules = re.findall(r"python -m ([\w.]+)", README)
    assert modules
    for module in modules:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_every_link_into_the_repository_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.model
def test_the_answer_shown_is_the_answer_given(minilm: ModelEmbedder, tmp_path: Path) -> None:
    """The example's question, asked of seeds/, gives the example's JSON to the letter."""
    (request,) = re.findall(r"/v1/ask .*-d (\'.*\')$", README, re.MULTILINE)
    question = json.loads(shlex.split(request)[0])["question"]
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    library = EmbeddedLibrary(tmp_path, minilm, create=True)
    take_in(library, [ROOT / "seeds"], base=ROOT)
    answer = build_answerer(Settings(), library).ask(question)
    given = json.loads(json.dumps(answer_document(answer)))
    given["passages"] = given["passages"][:1]
    given["alternatives"] = given["alternatives"][:0]
    assert json.loads(shown) == given
