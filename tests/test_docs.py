"""The documents hold: their commands, modules, settings, links, and the answers they show."""

import json
import re
import runpy
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from qa.cli.app import app
from qa.http import examples, schemas
from qa.http.app import create_app
from qa.settings import PREFIX, Settings
from tests.e2e.test_command_line import pullquote

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HTTP = ROOT / "docs" / "http.md"
CARD = ROOT / "qa" / "weights" / "MODEL_CARD.md"
ALL = [README, ROOT / "CONTRIBUTING.md", CARD, *sorted((ROOT / "docs").glob("*.md"))]

documents = pytest.mark.parametrize("document", ALL, ids=lambda path: path.name)


def blocks(document: Path, language: str) -> list[str]:
    """The document's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", document.read_text("utf-8"), re.DOTALL)


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("name", ["settings.md", "command-line.md"])
def test_what_is_made_from_the_code_is_as_the_code_has_it(name: str) -> None:
    """If it is not: make docs."""
    generate = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    assert (ROOT / "docs" / name).read_text("utf-8") == generate["page"](name)


@documents
def test_no_setting_is_named_that_does_not_exist(document: Path) -> None:
    named = re.findall(rf"{PREFIX}([A-Z_]+)", document.read_text("utf-8"))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


@documents
def test_every_command_is_one_that_is_taken(document: Path) -> None:
    """Its options too, as far as a document gives them; what docker runs is an image's name."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    lines = "".join(blocks(document, "sh")).replace("\\\n", " ").splitlines()
    for words in (shlex.split(line, comments=True) for line in lines):
        if "pullquote" in words and words[0] != "docker":
            name, *arguments = words[words.index("pullquote") + 1 :]
            to_file = arguments.index(">") if ">" in arguments else len(arguments)
            commands[name].make_context(name, arguments[:to_file])


@documents
def test_every_module_that_is_run_is_there(document: Path) -> None:
    for module in re.findall(r"python -m ([\w.]+)", document.read_text("utf-8")):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@documents
def test_every_target_of_make_is_there(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE):
        assert f"\n{target}:" in makefile, target


@documents
def test_every_path_named_is_there(document: Path) -> None:
    folders = "index|qa|benchmarks|tests|docs|seeds"
    text = document.read_text("utf-8")
    for path in re.findall(rf"(?<![\w/.])((?:{folders})/[\w./-]+[\w/])", text):
        assert (ROOT / path).exists(), path


@documents
def test_every_link_into_the_repository_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\((?!https?://)([^)\s]+)\)", document.read_text("utf-8")):
        path, _, heading = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.M) if heading else []
        slugs = [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings]
        assert heading in ("", *slugs), link


@documents
def test_every_json_shown_is_json(document: Path) -> None:
    for block in blocks(document, "json"):
        json.loads(block)


def test_every_route_is_listed() -> None:
    text = HTTP.read_text("utf-8").replace("{id}", "{article_id}")
    listed = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    for path, operations in create_app(Settings()).openapi()["paths"].items():
        for method in operations:
            assert any(method.upper() in row and f"{path}`" in row for row in listed), (
                f"{method} {path}"
            )


def test_the_requests_shown_are_taken() -> None:
    """Every object of docs/http.md that is one, and what its curl commands send."""
    shown = [json.loads(block) for block in blocks(HTTP, "json")]
    sent = [
        json.loads(words[words.index("-d") + 1])
        for line in "".join(blocks(HTTP, "sh")).splitlines()
        if "-d" in (words := shlex.split(line))
    ]
    taken = 0
    for one in [*shown, *sent]:
        for key, model in (
            ("text", schemas.ArticleText),
            ("filters", schemas.AskRequest),
            ("conversation", schemas.AskRequest),
        ):
            if key in one:
                model.model_validate(one)
                taken += 1
        if "citations" in one and "question" not in one:
            schemas.VerifyRequest.model_validate(one)
            taken += 1
    assert taken >= 4


def test_the_answer_shown_is_the_example_that_the_models_are_held_to() -> None:
    """If it is not: make docs."""
    generate = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    assert HTTP.read_text("utf-8") == generate["http"]()


def test_what_the_readme_shows_of_the_answer_is_in_it() -> None:
    (block,) = blocks(README, "json")
    assert holds(examples.ANSWER, json.loads(block))


def holds(whole: object, part: object) -> bool:
    """Whether JSON has everything that a part of it shows."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(name in whole and holds(whole[name], part[name]) for name in part)
    if isinstance(whole, list) and isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return whole == part


@pytest.mark.model
def test_the_python_shown_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = blocks(README, "python")
    assert len(program.splitlines()) <= 8
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 # the README's own example
    assert capsys.readouterr().out == "January 17, 2026\n"


@pytest.mark.model
def test_the_round_of_commands_shown_goes_through(tmp_path: Path) -> None:
    """docs/command-line.md's example, a command after the other."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    for line in blocks(ROOT / "docs" / "command-line.md", "sh")[0].splitlines():
        command, _, file = line.partition(" > ")
        result = pullquote(tmp_path, *shlex.split(command)[1:])
        assert result.returncode == 0, (line, result.stderr)
        if file:
            (tmp_path / file).write_text(result.stdout, encoding="utf-8")
