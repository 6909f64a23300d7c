"""Writes what is made from the code into the documents: ``make docs``."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from qa.cli.app import app
from qa.http import examples
from qa.settings import PREFIX, Settings

DOCS = Path(__file__).parent
MARK = "<!-- From here on 'make docs' writes this page. -->\n"

SECTIONS = {
    "library": "The library and the models",
    "queue_length": "The service",
    "keys_for": "Who gets in",
    "max_file_bytes": "What a file may hold and take",
    "fetch": "Fetching from the web",
    "log_format": "The log",
}
"""The setting that each section begins with, in the order of the settings."""


def settings() -> str:
    """All settings, as tables."""
    return "".join(_settings_lines())


def _settings_lines() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            yield f"\n## {SECTIONS[name]}\n\n| setting | default | what it sets |\n|---|---|---|\n"
        default = "all cores" if name == "threads" else _shown(field.default)
        yield f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |\n"


def _shown(default: object) -> str:
    if default is None or default == ():
        return "unset"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{','.join(map(str, default))}`"
    return f"`{default}`"


def command_line() -> str:
    """What every command says of itself."""
    os.environ["COLUMNS"] = "80"
    return "".join(_help(command) for command in get_command(app).commands)  # type: ignore[attr-defined]


def _help(command: str) -> str:
    shown = CliRunner().invoke(app, [command, "--help"], prog_name="pullquote").stdout
    lines = "\n".join(line.rstrip() for line in shown.strip().splitlines())
    return f"\n## {command}\n\n```text\n{lines}\n```\n"


GENERATED = {"settings.md": settings, "command-line.md": command_line}


def page(name: str) -> str:
    """A document as it should be: its own words, and below the mark what the code says."""
    own, mark, _ = (DOCS / name).read_text("utf-8").partition(MARK)
    return own + mark + GENERATED[name]()


def http() -> str:
    """``docs/http.md`` with the answer that the description of the interface has."""
    before, mark, rest = (DOCS / "http.md").read_text("utf-8").partition("## An answer\n")
    shell, fence, shown = rest.partition("```json\n")
    answer = json.dumps(examples.ANSWER, indent=2, ensure_ascii=False)
    return before + mark + shell + fence + answer + shown[shown.index("\n```") :]


if __name__ == "__main__":
    for name in GENERATED:
        (DOCS / name).write_text(page(name), "utf-8")
    (DOCS / "http.md").write_text(http(), "utf-8")
