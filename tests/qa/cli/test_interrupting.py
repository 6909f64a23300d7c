"""Ctrl-C ends the work in good order, and the second one at once."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.embedding.embedder import Embedded, ParagraphText
from index.sqlite.library import SQLiteLibrary
from qa.cli.interrupting import STOPPING, ending_in_order
from tests.fakes import WordEmbedder
from tests.qa.cli.conftest import FakeWiring, Run

TWICE = """
import os, signal
from qa.cli.interrupting import ending_in_order
with ending_in_order():
    os.kill(os.getpid(), signal.SIGINT)
    print("still here", flush=True)
    os.kill(os.getpid(), signal.SIGINT)
print("here again")
"""


def test_the_first_interrupt_is_announced_and_raised_where_it_is_asked_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGINT)
    with ending_in_order() as stop_if_pressed:
        stop_if_pressed()
        os.kill(os.getpid(), signal.SIGINT)
        assert capfd.readouterr().err == f"{STOPPING}\n"
        with pytest.raises(KeyboardInterrupt):
            stop_if_pressed()
    assert signal.getsignal(signal.SIGINT) == before


def test_the_second_interrupt_kills() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, check=False)  # noqa: S603 - our own code
    assert done.returncode == -signal.SIGINT
    assert done.stdout == b"still here\n"


class PressingEmbedder(WordEmbedder):
    """Presses Ctrl-C over the first article."""

    pressed = False

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        if not self.pressed:
            self.pressed = True
            os.kill(os.getpid(), signal.SIGINT)
        return super().embed(passages)


def _held(folder: Path) -> int:
    return SQLiteLibrary(folder, WordEmbedder()).counts()[0]


def test_an_import_ends_after_the_article_at_hand(
    run: Run, wiring: FakeWiring, library: Path, tmp_path: Path
) -> None:
    assert run("export", "all.jsonl").exit_code == 0
    wiring.words = PressingEmbedder()
    result = run("import", "all.jsonl", "--library", "other")
    assert result.exit_code == 130
    assert result.stderr.startswith("stopped: the articles imported so far stay")
    assert _held(tmp_path / "other") == 1
    assert run("import", "all.jsonl", "--library", "other").exit_code == 0
    assert _held(tmp_path / "other") == 2


def test_a_rebuild_that_ends_leaves_the_library_as_it_was(
    run: Run, wiring: FakeWiring, library: Path
) -> None:
    before = (library / "catalogue.sqlite3").read_bytes()
    wiring.words = PressingEmbedder()
    result = run("rebuild")
    assert result.exit_code == 130
    assert result.stderr == "stopped: the library stays as it was\n"
    assert (library / "catalogue.sqlite3").read_bytes() == before
    assert not (library / "rebuild").exists()
    assert run("rebuild").exit_code == 0
