"""The process that is killed: ``pullquote index`` with the fake embedder, then some removals."""

import faulthandler
import os
import resource
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import typer

from index.errors import ArticleNotFound, PullquoteError
from index.sqlite.library import SQLiteLibrary
from qa.cli.app import app
from tests.fakes import WordEmbedder
from tests.qa.cli.conftest import FakeWiring

PATIENCE = 300.0
"""Seconds after which a process that has not ended says where its threads are, and ends."""


def index_and_remove(
    library: Path, articles: Path, removals: Sequence[str], output: Connection, largest_file: int
) -> None:
    """Send what is printed to ``output``.

    ``largest_file`` is in bytes, beyond which every file is as on a full disk; 0 for no limit.
    """
    os.dup2(output.fileno(), sys.__stdout__.fileno())  # type: ignore[union-attr]  # it has one
    os.dup2(output.fileno(), sys.__stderr__.fileno())  # type: ignore[union-attr]
    faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.__stderr__)  # type: ignore[arg-type]
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        app(["index", str(articles), "--library", str(library)], obj=FakeWiring())
    except SystemExit as end:
        if end.code:
            os._exit(int(end.code))
    try:
        _remove(library, removals)
    except PullquoteError as error:
        typer.echo(f"error: {error}")
        os._exit(2)


def _remove(folder: Path, removals: Sequence[str]) -> None:
    library = SQLiteLibrary(folder, WordEmbedder())
    for article_id in removals:
        try:
            library.remove(article_id)
        except ArticleNotFound:
            continue
        typer.echo(f"removed   {article_id}")
