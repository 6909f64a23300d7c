"""``pullquote evaluate``: question sets asked, and what came of it in figures."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from qa.cli.interrupting import interruptible_progress
from qa.cli.options import JsonOption
from qa.cli.printing import print_json, print_text
from qa.cli.wiring import wiring_of


def evaluate(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="SQUAD.json...",
            help="Files in SQuAD's format, 1.1 or 2.0, or JSON Lines of questions about the seeds.",
            show_default=False,
        ),
    ],
    setting: Annotated[
        Literal["passage", "library"],
        typer.Option(
            help="'passage' gives the reader the gold paragraph; 'library' indexes all paragraphs "
            "of the files and has to find it."
        ),
    ] = "library",
    library: Annotated[
        Path | None,
        typer.Option(
            help="Keep the indexed paragraphs in this folder for the next time.",
            show_default=False,
        ),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file whose paragraphs stand in the library too, but whose questions are not "
            "asked; may be repeated.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, help="Ask only every so-manyth question, for a quick look.")
    ] = 1,
    json: JsonOption = False,
) -> None:
    """Scores answers on question sets.

    Also the retrieval, the confidence and the abstention. Exact match and F1 are SQuAD's, in
    percent; all other measures are fractions.

    Example: pullquote evaluate dev-v2.0.json --setting passage --json
    """
    wiring = wiring_of(context)
    with interruptible_progress() as progress:
        measures = wiring.evaluate(
            files,
            setting,
            library,
            wiring.settings(),
            beside=beside or (),
            every=every,
            on_progress=progress,
        )
    if json:
        print_json(measures)
    else:
        _print_measures(measures)


def _print_measures(measures: dict[str, Any], under: str = "") -> None:
    """A measure a line; those of a group carry its name."""
    for name, value in measures.items():
        full_name = f"{under} {name}".strip().replace("_", " ")
        if isinstance(value, dict):
            _print_measures(value, full_name)
        else:
            print_text(f"{full_name:<40}", _shown(value))


def _shown(value: object) -> str:
    if value is None:
        return "\u2014"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
