"""The writer's lock, between processes: who waits, who is named, and what a crash leaves."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import LibraryError, LibraryLocked
from index.ingest.loading import draft_of_text
from index.sqlite.catalogue import Catalogue
from index.sqlite.library import SQLiteLibrary
from index.sqlite.lock import HOLDER_NAME, writers_lock
from tests.fakes import WordEmbedder

ROOT = Path(__file__).parents[3]

HOLDER = """
import sys
from pathlib import Path
from index.sqlite.lock import writers_lock
with writers_lock(Path(sys.argv[1]), 5):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is sent a line."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_which_process_writes_and_since_when(
    folder: Path, library: SQLiteLibrary
) -> None:
    impatient = Catalogue(folder, WordEmbedder(), create=False, wait=0.1)
    with _held(folder) as process:
        with pytest.raises(LibraryLocked) as caught, impatient.writing():
            pytest.fail("two wrote at once")
        with impatient.reading() as view:
            assert view.counts() == (0, 0)
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d"
    assert re.match(
        rf"process {process.pid} \(since {time}\) is writing to the library in '.*' and did not "
        r"finish in 0.1 seconds: wait for it to end",
        str(caught.value),
    )


def test_a_second_writer_waits_for_the_first(folder: Path, library: SQLiteLibrary) -> None:
    with _held(folder) as process:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        library.add(draft_of_text("Text.", source="a"))
    assert library.counts() == (1, 1)


def test_a_killed_writer_holds_nothing(folder: Path, library: SQLiteLibrary) -> None:
    with _held(folder) as process:
        process.kill()
        process.wait()
        library.add(draft_of_text("Text.", source="a"))
    assert library.counts() == (1, 1)


@pytest.mark.parametrize("said", ["", "nonsense", "[]", "{}"])
def test_a_holder_that_does_not_say_who_it_is_is_another_process(
    folder: Path, library: SQLiteLibrary, said: str
) -> None:
    with writers_lock(folder, 1):
        (folder / HOLDER_NAME).write_text(said)
        with (
            pytest.raises(LibraryLocked, match="another process is writing"),
            writers_lock(folder, 0.05),
        ):
            pytest.fail("two held it")


def test_the_lock_is_free_after_an_error(folder: Path, library: SQLiteLibrary) -> None:
    with pytest.raises(KeyError), writers_lock(folder, 1):
        raise KeyError("our own")
    with writers_lock(folder, 0.05):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path, library: SQLiteLibrary) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match="is yours to write"):
            library.add(draft_of_text("Text.", source="a"))
    finally:
        folder.chmod(0o700)
