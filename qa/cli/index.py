"""``pullquote index``: files and folders into a library."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from index.taking_in import Outcome, Report, Status, find_files, take_in
from qa.cli.endings import ERROR
from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import print_json, print_text
from qa.cli.progress import progress_bars
from qa.cli.wiring import wiring_of

if TYPE_CHECKING:
    from index.library import Library

STYLES: dict[Status, str] = {"added": "green", "replaced": "green", "refused": "bold red"}


def index(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders of articles.", show_default=False)
    ],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Takes in articles, from files and folders.

    New files are added, changed ones replaced, the rest left alone; it says of each file what
    became of it, and why. An article's source is its path from the folder
    that the library's folder is in.

    Exits with 0 when every file is in the library, and with 2 when one was refused.

    Example: pullquote index seeds notes.md
    """
    find_files(paths)  # says what is wrong before a library is made and a model loaded
    wiring = wiring_of(context)
    settings = wiring.settings(library=library)
    opened = wiring.library(settings, create=True)
    with progress_bars() as progress:
        report = take_in(
            opened,
            paths,
            base=Path(os.path.abspath(settings.library)).parent,
            on_progress=lambda done, total, _: progress("taking in", done, total),
        )
    if json:
        print_json(report_document(report, opened))
    else:
        _print_report(report, opened, settings.library)
    if report.of("refused"):
        raise typer.Exit(ERROR)


def report_document(report: Report, library: "Library") -> dict[str, Any]:
    """A report for a program: every file, how many of each status, and the library now."""
    articles, paragraphs = library.counts()
    return {
        "files": [_file_document(outcome) for outcome in report.outcomes],
        "counts": _counts(report),
        "library": {
            "articles": articles,
            "paragraphs": paragraphs,
            "revision": library.revision,
        },
    }


def _file_document(outcome: Outcome) -> dict[str, Any]:
    article = outcome.article
    return {
        "path": str(outcome.path),
        "status": outcome.status,
        "reason": outcome.reason or None,
        "article_id": article.id if article else None,
        "title": article.title if article else None,
        "source": article.source if article else None,
        "revision": article.revision if article else None,
    }


def _counts(report: Report) -> dict[str, int]:
    return {status: len(report.of(status)) for status in get_args(Status)}


def _print_report(report: Report, library: "Library", folder: Path) -> None:
    for outcome in report.outcomes:
        style = STYLES.get(outcome.status, "dim")
        reason = f": {outcome.reason}" if outcome.reason else ""
        title = f" ({outcome.article.title})" if outcome.article else ""
        print_text((f"{outcome.status:<10}", style), f"{outcome.path}{title}{reason}")
    counts = ", ".join(f"{count} {status}" for status, count in _counts(report).items())
    articles, paragraphs = library.counts()
    print_text(
        f"{counts}. The library '{folder}' holds {_number(articles, 'article')} with "
        f"{_number(paragraphs, 'paragraph')}."
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
