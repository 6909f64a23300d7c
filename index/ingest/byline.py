"""Who wrote a text and when, by the lines that say so and nothing else."""

import re

from index.ingest.dates import day_of

LONGEST_BYLINE = 100
LONGEST_ADDITION = 30
"""What stands after the name, such as a date or an office."""

_NAME = (
    r"[^\W\d_a-z][\w.'’-]*+(?: (?:[^\W\d_a-z][\w.'’-]*+|de|der|den|van|von|la|da|di|bin|al)){1,4}"
)
_BYLINE = re.compile(
    rf"(?:Written by|Words by|Text by|Story by|Report by|By|BY|by|Author:)\s+"
    rf"({_NAME}(?:(?:, | and | & ){_NAME}){{0,4}})(?P<rest>\s*(?:[,|•·–—(-].*)?)"
)
_DATED = re.compile(
    r"(?:(?:First )?(?:Published|Posted|Date|Dated)(?: on)?:?\s+)?(.{6,40}?)[.]?", re.IGNORECASE
)
_EDGE = " \t,|•·–—()-*_"


def byline(line: str) -> tuple[str, str | None] | None:
    """The author, and the ISO day if that is there too: ``By Ida Holm, 4 March 2026``.

    None for a line that says anything else.
    """
    found = _BYLINE.fullmatch(line.strip(" *_")) if len(line) <= LONGEST_BYLINE else None
    if not found:
        return None
    rest = found["rest"].strip(_EDGE)
    if len(rest) > LONGEST_ADDITION or rest.endswith("."):
        return None
    return found[1], date_line(rest) if rest else None


def date_line(line: str) -> str | None:
    """The ISO day of a line that is a date and nothing else: ``Published: 4 March 2026``."""
    found = _DATED.fullmatch(line.strip(" *_")) if len(line) <= LONGEST_BYLINE else None
    return day_of(found[1]) if found else None


def is_byline(line: str) -> bool:
    """Whether a line only names the author, the date, or both."""
    return byline(line) is not None or date_line(line) is not None
