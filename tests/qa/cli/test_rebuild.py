"""``pullquote rebuild``."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.sqlite.schema import FILE_NAME
from tests.qa.cli.conftest import Run


def _break(library: Path, statement: str) -> None:
    with closing(sqlite3.connect(library / FILE_NAME, isolation_level=None)) as connection:
        connection.execute(statement)


def test_what_is_derived_is_made_anew(run: Run, library: Path) -> None:
    _break(library, "DELETE FROM sentence_embeddings")
    result = run("rebuild")
    assert (result.exit_code, result.stdout) == (
        0,
        "The library 'library' was rebuilt with 2 articles.\n",
    )
    assert run("ask", "Where did the harbour open?").exit_code == 0


def test_what_was_lost_and_changed_is_told_and_the_damaged_file_kept(
    run: Run, library: Path
) -> None:
    _break(library, "UPDATE texts SET text = replace(text, 'bridge', 'tunnel')")
    _break(library, "UPDATE articles SET title = 'Other' WHERE source LIKE '%harbour.txt'")
    result = run("rebuild")
    assert result.exit_code == 1
    assert "lost " in result.stdout
    assert "changed " in result.stdout
    assert "The damaged file is kept as 'library/catalogue.sqlite3.damaged'" in result.stdout
    assert (library / "catalogue.sqlite3.damaged").exists()
