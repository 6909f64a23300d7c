"""``pullquote check``."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.sqlite.schema import FILE_NAME
from tests.qa.cli.conftest import Run


@pytest.fixture(autouse=True)
def _embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting agrees with the library's fake."""
    monkeypatch.setenv("PULLQUOTE_EMBEDDER", "words")


def _break(library: Path) -> None:
    with closing(sqlite3.connect(library / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("DELETE FROM words")


def test_a_whole_library_is_said_to_be(run: Run, library: Path) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "The library is whole.\n")


def test_what_is_broken_is_told_with_the_remedy(run: Run, library: Path) -> None:
    _break(library)
    result = run("check")
    assert result.exit_code == 1
    assert "is not indexed by its words" in result.stdout
    assert result.stdout.count("to mend") == 1
    assert "run 'pullquote rebuild --library library'" in result.stdout


def test_a_program_gets_the_faults_as_json(run: Run, library: Path) -> None:
    assert json.loads(run("check", "--json").stdout) == {"whole": True, "faults": []}
    _break(library)
    document = json.loads(run("check", "--json").stdout)
    assert document["whole"] is False
    assert set(document["faults"][0]) == {"what", "remedy"}


def test_a_library_of_another_embedder_is_told(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDER", "others")
    assert "embedded with 'words', and the embedder is 'others'" in run("check").stdout


def test_no_library_is_an_error(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "error: there is no library in 'library'" in result.stderr
