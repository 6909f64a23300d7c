"""``pullquote verify``: whether the citations of a saved answer still hold."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UnreadableFile
from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import on_one_line, print_json, print_text
from qa.cli.wiring import wiring_of

if TYPE_CHECKING:
    from qa.answering.verifying import Claim, Verdict

SOME_DO_NOT_HOLD = 1

STYLES = {"valid": "green", "moved": "yellow", "gone": "bold red"}


def verify(
    context: typer.Context,
    answer: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWER.json",
            help="An answer, or a list of answers; '-' reads stdin.",
            show_default=False,
            allow_dash=True,
        ),
    ],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Checks the citations of a saved answer.

    Each citation, its alternatives' included, is valid in the library (the quote stands where it
    is said to), moved (it now stands elsewhere in the article) or gone.

    Exits with 0 when all are valid, with 1 when one is not, and with 2 on an error.

    Example: pullquote verify answer.json
    """
    from qa.answering.verifying import verify as verify_claim
    from qa.cli.saved_answer import claims_in

    claims = claims_in(_read(answer), str(answer))
    wiring = wiring_of(context)
    opened = wiring.library(wiring.settings(library=library))
    verdicts = [verify_claim(claim, opened) for claim in claims]
    hold = all(verdict.status == "valid" for verdict in verdicts)
    if json:
        print_json(verdicts_document(claims, verdicts))
    else:
        _print_verdicts(claims, verdicts)
    if not hold:
        raise typer.Exit(SOME_DO_NOT_HOLD)


def verdicts_document(claims: Sequence["Claim"], verdicts: Sequence["Verdict"]) -> dict[str, Any]:
    """The verdicts as POST /v1/citations/verify gives them, each with the claim it is about."""
    return {
        "hold": all(verdict.status == "valid" for verdict in verdicts),
        "verdicts": [
            {**asdict(verdict), "claim": asdict(claim)}
            for claim, verdict in zip(claims, verdicts, strict=True)
        ],
    }


def _print_verdicts(claims: Sequence["Claim"], verdicts: Sequence["Verdict"]) -> None:
    if not claims:
        print_text("The answer cites nothing: there is nothing to check.")
    for claim, verdict in zip(claims, verdicts, strict=True):
        print_text(
            (f"{verdict.status:<6}", STYLES[verdict.status]),
            f"\u201c{on_one_line(claim.quote)}\u201d: {verdict.reason}{_place(verdict)}",
        )


def _place(verdict: "Verdict") -> str:
    if verdict.start is None:
        return ""
    return f" (¶ {verdict.paragraph}, characters {verdict.start}\u2013{verdict.end})"


def _read(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{str(path)!r} cannot be read ({error.strerror}): give the path of a saved answer",
            "answer",
        ) from error
