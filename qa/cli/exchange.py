"""``pullquote export``, ``import`` and ``backup``: a library taken elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.interrupting import interruptible_progress
from qa.cli.options import LibraryOption
from qa.cli.printing import print_text
from qa.cli.progress import progress_bars
from qa.cli.wiring import wiring_of


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.", show_default=False)],
    library: LibraryOption = None,
) -> None:
    """Writes the articles with their structure as JSON Lines.

    'pullquote import' makes the same library of them, to the letter and with the same revision.
    A library may be exported while others use it: the file holds one moment.

    Example: pullquote export library.jsonl
    """
    from index.exchange import export_library
    from index.sqlite.catalogue import Catalogue

    settings = wiring_of(context).settings(library=library)
    with progress_bars() as progress:
        count = export_library(Catalogue(settings.library, None), file, progress)
    print_text(f"Exported {count:,} articles to '{file}'.")


def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="What 'pullquote export' wrote.", show_default=False)
    ],
    library: LibraryOption = None,
) -> None:
    """Takes in the articles of an exported library.

    The file is checked first, and one that is damaged or cut off takes nothing in. Articles that
    are there under the same source are replaced.

    Example: pullquote import library.jsonl --library other
    """
    from index.exchange import import_library

    wiring = wiring_of(context)
    settings = wiring.settings(library=library)
    opened = wiring.library(settings, create=True)
    with interruptible_progress() as progress:
        count = import_library(opened, file, progress)
    print_text(f"Imported {count:,} articles; the library's revision is {opened.revision}.")


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder without a library.", show_default=False)],
    library: LibraryOption = None,
) -> None:
    """Copies the library while others ask it and write to it.

    The copy is a library as it was at one moment, and is used like one.

    Example: pullquote backup backups/2026-01-17
    """
    from index.sqlite.backup import back_up

    settings = wiring_of(context).settings(library=library)
    with progress_bars() as progress:
        back_up(settings.library, folder, lambda done, total: progress("copying", done, total))
    print_text(f"The library '{settings.library}' was copied to '{folder}'.")
