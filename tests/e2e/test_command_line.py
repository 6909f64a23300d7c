"""``python -m qa`` as users run it: a process of its own, the real models, the seed article."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = "seeds/000_6a5157c59b34f5d3.txt"
QUESTION = "When did the talks begin?"

pytestmark = pytest.mark.model


def pullquote(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder, with no setting but the defaults."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PULLQUOTE_")}
    return subprocess.run(  # noqa: S603 # this interpreter, arguments of the tests
        [sys.executable, "-m", "qa", *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds and a library of them."""
    folder = tmp_path_factory.mktemp("pullquote")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    result = pullquote(folder, "index", "seeds", "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["library"]["articles"] == 1
    assert report["library"]["paragraphs"] == 8
    assert result.stderr == ""
    return folder


def test_the_answer_is_the_article_s_own_words_and_its_citation_can_be_verified(
    folder: Path,
) -> None:
    asked = pullquote(folder, "ask", QUESTION, "--json")
    assert asked.returncode == 0, asked.stderr
    assert asked.stderr == ""
    answer = json.loads(asked.stdout)
    citation = answer["citations"][0]
    assert "January 17, 2026" in answer["answer"]
    assert (citation["source"], citation["paragraph"]) == (SEED, 1)
    text = (folder / SEED).read_text(encoding="utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"] == answer["answer"]

    (folder / "answer.json").write_text(asked.stdout, encoding="utf-8")
    verified = pullquote(folder, "verify", "answer.json")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.startswith("valid ")


def test_what_the_articles_do_not_say_is_not_answered(folder: Path) -> None:
    result = pullquote(folder, "ask", "What is the boiling point of mercury?")
    assert result.returncode == 1, result.stdout
    assert result.stdout.startswith("No answer. ")
    assert SEED not in result.stderr


def test_a_binary_file_is_refused_and_the_library_stays_as_it_was(folder: Path) -> None:
    (folder / "noise.txt").write_bytes(bytes(range(256)))
    result = pullquote(folder, "index", "noise.txt")
    assert result.returncode == 2
    assert result.stdout.startswith("refused   noise.txt: 'noise.txt' is binary")
    assert "The library 'library' holds 1 article with 8 paragraphs." in result.stdout


def test_a_folder_without_articles_is_an_error(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = pullquote(folder, "index", "empty")
    assert result.returncode == 2
    assert result.stderr.startswith("error: 'empty' holds no article")


def test_a_missing_library_is_an_error(folder: Path) -> None:
    result = pullquote(folder, "ask", QUESTION, "--library", "nowhere")
    assert result.returncode == 2
    assert result.stderr.startswith("error: there is no library in 'nowhere': take in articles")
    assert result.stdout == ""


def test_a_library_that_another_process_is_writing_to_is_an_error(folder: Path) -> None:
    (folder / "more.txt").write_text("The harbour opened in Lisbon.\n", encoding="utf-8")
    other = sqlite3.connect(folder / "library" / "catalogue.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        result = pullquote(folder, "index", "more.txt")
    finally:
        other.close()
    assert result.returncode == 2
    assert result.stderr.startswith("error: another process is writing to")
    assert "Traceback" not in result.stderr


def test_a_damaged_library_is_an_error(folder: Path) -> None:
    (folder / "damaged").mkdir()
    (folder / "damaged" / "catalogue.sqlite3").write_bytes(b"no database " * 100)
    result = pullquote(folder, "ask", QUESTION, "--library", "damaged")
    assert result.returncode == 2
    assert result.stderr.startswith("error: 'damaged/catalogue.sqlite3' is damaged")
    assert "Traceback" not in result.stderr
