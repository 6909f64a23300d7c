"""Which commands load no model: those that only read, and indexing what is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.settings import Settings
from tests.fakes import WordEmbedder

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from qa.cli.app import app
try:
    app(sys.argv[1:], prog_name="pullquote")
except SystemExit as end:
    loaded = {"torch", "sentence_transformers", "transformers", "onnxruntime"} & set(sys.modules)
    print("loaded", sorted(loaded), "exit", end.code, file=sys.stderr)
"""


class NamedEmbedder(WordEmbedder):
    """A fake that calls itself what the settings' default is called."""

    name = Settings().embedder


@pytest.mark.parametrize(
    "arguments",
    [["verify", "answer.json"], ["check"], ["export", "out.jsonl"], ["index", "ferry.txt"]],
    ids=lambda arguments: str(arguments[0]),
)
def test_reading_loads_no_model(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry leaves at noon.\n", encoding="utf-8")
    library = SQLiteLibrary(tmp_path / "library", NamedEmbedder(), create=True)
    draft = draft_of_text("The ferry leaves at noon.\n", "ferry", source="ferry.txt")
    article = library.add(draft).article
    claim = {
        "article_id": article.id,
        "revision": article.revision,
        "paragraph": 1,
        "start": 4,
        "end": 9,
        "quote": "ferry",
    }
    answer = json.dumps({"citations": [claim], "alternatives": []})
    (tmp_path / "answer.json").write_text(answer, encoding="utf-8")
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "loaded [] exit 0" in run.stderr, run.stderr + run.stdout
