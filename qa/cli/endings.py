"""How a command ends when it does not come to its end: one line, and an exit code."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from index.errors import PullquoteError
from qa.cli.printing import printable_name

ERROR = 2
INTERRUPTED = 130

WHAT_STAYS = {
    "index": "the articles taken in so far stay in the library; the same command does the rest",
    "import": "the articles imported so far stay; the same command does the rest",
    "evaluate": "what --library has taken in so far stays there",
}


class Commands(TyperGroup):
    """Commands whose errors are one line on stderr, never a traceback.

    Also not for a fault in Pullquote itself: its exit code would be Python's, 1, which means
    'not answered' here. Python's development mode (``python -X dev -m qa``) shows it in full.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            stays = WHAT_STAYS.get(ctx.invoked_subcommand, "the library stays as it was")
            _say(f"stopped: {stays}")
            raise typer.Exit(INTERRUPTED) from interrupt
        except (typer.Exit, typer.Abort, TyperException, BrokenPipeError):
            raise
        except Exception as error:
            if sys.flags.dev_mode and not isinstance(error, PullquoteError):
                raise
            _say(f"error: {explained(error)}")
            raise typer.Exit(ERROR) from error


def explained(error: Exception) -> str:
    """What went wrong and what to do about it, for users."""
    if isinstance(error, PullquoteError):
        return str(error)
    return (
        f"a fault in Pullquote ({type(error).__name__}: {error}): run it again as "
        "'python -X dev -m qa ...' and report what that says"
    )


def _say(message: str) -> None:
    typer.echo(printable_name(" ".join(message.split())), err=True)
