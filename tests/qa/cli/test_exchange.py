"""``pullquote export``, ``import`` and ``backup``."""

from pathlib import Path

from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder
from tests.qa.cli.conftest import Run


def _revision(folder: Path) -> str:
    return SQLiteLibrary(folder, WordEmbedder()).revision


def test_an_exported_library_is_imported_as_it_was(run: Run, library: Path, tmp_path: Path) -> None:
    exported = run("export", "all.jsonl")
    assert (exported.exit_code, exported.stdout) == (0, "Exported 2 articles to 'all.jsonl'.\n")
    imported = run("import", "all.jsonl", "--library", "other")
    revision = _revision(library)
    assert imported.stdout == f"Imported 2 articles; the library's revision is {revision}.\n"
    assert _revision(tmp_path / "other") == revision


def test_a_file_that_is_no_export_is_an_error(run: Run, articles: Path) -> None:
    result = run("import", articles / "harbour.txt")
    assert result.exit_code == 2
    assert "is no whole export of a library" in result.stderr


def test_a_backup_is_the_same_library(run: Run, library: Path, tmp_path: Path) -> None:
    result = run("backup", "copies/first")
    assert result.exit_code == 0
    assert result.stdout == "The library 'library' was copied to 'copies/first'.\n"
    assert _revision(tmp_path / "copies" / "first") == _revision(library)
    assert run("backup", "copies/first").exit_code == 2
