"""``pullquote index``: files, folders and web pages into a library."""

import os
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from qa.cli.endings import ERROR
from qa.cli.interrupting import ending_in_order
from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import print_json, print_text, printable_name
from qa.cli.progress import CountedReport, counted_bar
from qa.cli.wiring import Wiring, wiring_of

if TYPE_CHECKING:
    from index.ingest.files import Outcome, Progress, Status
    from index.ingest.web import WebOutcome
    from index.library import Library
    from qa.settings import Settings

    Told = Outcome | WebOutcome

STYLES: dict["Status", str] = {"added": "green", "replaced": "green", "refused": "bold red"}


def index(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files and folders of articles, and addresses of web pages and feeds.",
            show_default=False,
        ),
    ],
    library: LibraryOption = None,
    allow_private_addresses: Annotated[
        bool,
        typer.Option(
            "--allow-private-addresses",
            help="Fetch also from this machine and its private networks, such as an intranet.",
        ),
    ] = False,
    report: Annotated[
        bool,
        typer.Option(
            "--report",
            help="Say also what each file shows and its articles do not hold, and why.",
        ),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Takes in articles, from files, folders and the web.

    New files are added, changed ones replaced, the rest left alone; it says of each article what
    became of it as soon as it is in the library for good, and of each refused file why. An
    article's source is its path from the folder that the library's folder is in, or its web
    address. An address is fetched once; what it links to is not.

    Ctrl-C ends it: what is in stays in, and the same command does the rest.

    Exits with 0 when every file is in the library, and with 2 when one was refused.

    Example: pullquote index seeds notes.md
    """
    files, urls = _told_apart(paths)
    from index.ingest.files import find_files

    find_files(files)  # says what is wrong before a library is made and a model loaded
    wiring = wiring_of(context)
    settings = wiring.settings(library=library, fetch_private=allow_private_addresses or None)
    opened = wiring.library(settings, create=True)
    counts: Counter[Status] = Counter()
    told: list[Told] = []
    with (
        ending_in_order() as stop_if_pressed,
        counted_bar("taking in", "articles") as bar,
        opened.batch(),
        closing(_outcomes(wiring, settings, opened, files, urls, bar)) as outcomes,
    ):
        for outcome in outcomes:
            counts[outcome.status] += 1
            if json:
                told.append(outcome)
            else:
                _print_outcome(outcome, report)
            stop_if_pressed()
    if json:
        print_json(report_document(told, counts, opened))
    else:
        _print_sum(counts, opened, settings.library)
    if counts["refused"]:
        raise typer.Exit(ERROR)


def _outcomes(
    wiring: Wiring,
    settings: "Settings",
    library: "Library",
    files: Sequence[Path],
    urls: Sequence[str],
    bar: CountedReport,
) -> "Generator[Told, None, None]":
    from index.ingest.files import taking_in
    from index.ingest.web import taking_in_addresses

    def show(progress: "Progress") -> None:
        bar(progress.done, progress.total, progress.articles)

    base = Path(os.path.abspath(settings.library)).parent
    limits = settings.limits()
    yield from taking_in(library, files, base, show, limits=limits)
    yield from taking_in_addresses(library, urls, partial(wiring.fetch, settings), limits)


def _told_apart(paths: Sequence[str]) -> tuple[list[Path], list[str]]:
    """The paths and the web addresses. Raises ``InputError`` for an address that is none."""
    from index.ingest.fetching.address import is_web_address, read_address

    urls = [path for path in paths if is_web_address(path)]
    for url in urls:
        read_address(url)
    return [Path(path) for path in paths if not is_web_address(path)], urls


def report_document(
    outcomes: "Sequence[Told]", counts: "Counter[Status]", library: "Library"
) -> dict[str, Any]:
    """A report for a program: every article, how many of each status, and the library now."""
    articles, paragraphs = library.counts()
    return {
        "files": [_file_document(outcome) for outcome in outcomes],
        "counts": {status: counts[status] for status in _statuses()},
        "library": {
            "articles": articles,
            "paragraphs": paragraphs,
            "revision": library.revision,
        },
    }


def _file_document(outcome: "Told") -> dict[str, Any]:
    article = outcome.article
    return {
        "path": str(outcome.path),
        "place": outcome.place or None,
        "status": outcome.status,
        "reason": outcome.reason or None,
        "article_id": article.id if article else None,
        "title": article.title if article else None,
        "source": article.source if article else None,
        "revision": article.revision if article else None,
        "left_out": [str(one) for one in outcome.left_out],
    }


def _print_outcome(outcome: "Told", report: bool) -> None:
    style = STYLES.get(outcome.status, "dim")
    reason = f": {outcome.reason}" if outcome.reason else ""
    title = f" ({outcome.article.title})" if outcome.article else ""
    name = printable_name(f"{outcome.path}{outcome.place}")
    print_text((f"{outcome.status:<10}", style), f"{name}{title}{reason}")
    for left_out in outcome.left_out if report else ():
        print_text(("          ", "dim"), f"  {left_out}")


def _print_sum(counts: "Counter[Status]", library: "Library", folder: Path) -> None:
    listed = ", ".join(f"{counts[status]:,} {status}" for status in _statuses())
    articles, paragraphs = library.counts()
    print_text(
        f"{listed}. The library '{folder}' holds {_number(articles, 'article')} with "
        f"{_number(paragraphs, 'paragraph')}."
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _statuses() -> "tuple[Status, ...]":
    from index.ingest.files import Status

    return get_args(Status)
