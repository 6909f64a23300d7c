"""The day that a date names, if it can be read in one way only."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:[T\s].*|Z|[+-]\d\d:?\d\d)?$")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{4}.*)?$")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)(?:[T,\s].*)?$")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?([A-Za-z]+)\.?,?[\s-]+(\d{4})\b")
_MONTH_DAY = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.I
)
LONGEST = 100
"""What is longer is no date but a text with one."""


def day_of(value: object) -> str | None:
    """The ISO day of a date, with or without a time, as it is written, or None.

    Taken are dates that begin with the year (``2026-03-04T10:00Z``, ``2016/6/29``, ``20160629``),
    those that spell an English month (``Wed, 04 Mar 2026``, ``March 4, 2026``), and others where
    the day cannot be the month (``29/06/2016``). ``03/04/2026`` is none, for it may be either.
    """
    text = " ".join(str(value).split()) if value else ""
    if not text or len(text) > LONGEST:
        return None
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    if found := _YEAR_FIRST.match(text):
        return _iso(found[1], found[3], found[4])
    if found := _BASIC.match(text):
        return _iso(found[1], found[2], found[3])
    if found := _YEAR_LAST.match(text):
        first, second = int(found[1]), int(found[3])
        if first == second or second > 12:
            return _iso(found[4], first, second)
        return _iso(found[4], second, first) if first > 12 else None
    if found := _DAY_MONTH.match(text):
        return _iso(found[3], _MONTHS.get(found[2].lower(), 0), found[1])
    if found := _MONTH_DAY.match(text):
        return _iso(found[3], _MONTHS.get(found[1].lower(), 0), found[2])
    return None


def _iso(year: str | int, month: str | int, day: str | int) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if found.year >= 1000 else None
