"""Printing: for people on the console, for programs as JSON."""

import unicodedata

import typer
from rich.console import Console
from rich.text import Text

from qa.answering.answer_json import to_json

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that make what follows be shown in another order than it is written."""


def print_text(*parts: str | tuple[str, str]) -> None:
    """Print parts, each plain or with its rich style, as one line or stretch of text.

    On a terminal it is wrapped at words; elsewhere lines stay as long as they are.
    """
    console = Console(highlight=False)
    plain = [printable(part) if isinstance(part, str) else styled(*part) for part in parts]
    console.print(Text.assemble(*plain), soft_wrap=not console.is_terminal)


def print_json(document: object) -> None:
    """Print a document on one line, in UTF-8 whatever the console's encoding."""
    typer.echo(to_json(document))


def styled(text: str, style: str) -> tuple[str, str]:
    return printable(text), style


def printable(text: str) -> str:
    """The text without what would steer a terminal, each such character as U+FFFD."""
    return "".join(
        "\ufffd"
        if unicodedata.category(character) == "Cc" and character not in "\n\t"
        else character
        for character in text
    )


def printable_name(name: str) -> str:
    """A file's name, or a message that has one, with what would steer a terminal, break the line
    or turn its writing round escaped: ``\\x1b``."""
    return "".join(_escaped(sign) if _steers(sign) else sign for sign in name)


def _steers(character: str) -> bool:
    """Whether it is a control character, a lone surrogate, or changes the direction of writing."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in DIRECTIONS


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def shows_emphasis() -> bool:
    """Whether styles can be seen: not in a file, a pipe or on a terminal without any."""
    return Console().color_system is not None


def on_one_line(text: str) -> str:
    return " ".join(text.split())
