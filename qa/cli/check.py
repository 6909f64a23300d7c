"""``pullquote check``: whether a library is whole."""

from typing import TYPE_CHECKING, Any

import typer

from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import print_json, print_text
from qa.cli.progress import progress_bars
from qa.cli.wiring import wiring_of

if TYPE_CHECKING:
    from index.sqlite.check import Fault

SOMETHING_IS_BROKEN = 1


def check(context: typer.Context, library: LibraryOption = None, json: JsonOption = False) -> None:
    """Looks whether a library is whole.

    Its file, its articles and all that is made of them: structure, embeddings, words, vectors.
    It says what is broken, and how to mend it, and changes nothing.

    Exits with 0 when all is whole, with 1 when something is broken, and with 2 on an error.

    Example: pullquote check --library library
    """
    from index.sqlite.check import check as faults_of

    settings = wiring_of(context).settings(library=library)
    with progress_bars() as progress:
        faults = faults_of(
            settings.library,
            settings.embedder,
            lambda name, done, total: progress("checking", done, total),
        )
    if json:
        print_json(faults_document(faults))
    else:
        _print_faults(faults)
    if faults:
        raise typer.Exit(SOMETHING_IS_BROKEN)


def faults_document(faults: "list[Fault]") -> dict[str, Any]:
    """What is broken, for a program."""
    return {
        "whole": not faults,
        "faults": [{"what": fault.what, "remedy": fault.remedy} for fault in faults],
    }


def _print_faults(faults: "list[Fault]") -> None:
    if not faults:
        print_text(("The library is whole.", "green"))
    for remedy in dict.fromkeys(fault.remedy for fault in faults):
        for fault in faults:
            if fault.remedy == remedy:
                print_text(("broken    ", "bold red"), fault.what)
        print_text(("to mend   ", "yellow"), remedy)
