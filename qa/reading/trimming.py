"""Trimming: a span without what no person would quote."""

import re

from index.article import Span

_OPENING = dict(zip("([{\u201c\u2018\u00ab", ")]}\u201d\u2019\u00bb", strict=True))
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
# Those at a word's edge; inside a word they are apostrophes.
_STRAIGHT = {mark: re.compile(rf"(?<!\w){mark}|{mark}(?!\w)") for mark in "\"'"}
_APOSTROPHES = "'\u2019"
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019]s\b")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_NEVER_FIRST = ",;:!?\u2026" + "".join(_CLOSING)
_NEVER_LAST = ",;:" + _DASHES + "".join(_OPENING)
# A full stop after one of these belongs to it, as after an initial.
_SHORT_FORM = re.compile(
    r"(?:^|\W)(?:[^\W\d_]|al|Bros|Co|Corp|Dr|Esq|etc|Inc|Jr|Ltd|Mr|Mrs|Ms|Prof|Sr|St|vs)\.$"
    r"|\.[^\W\d_]{1,3}\.$"
    r"|\.\.$",
    re.IGNORECASE,
)


def trimmed(text: str, span: Span) -> Span | None:
    """The span without white space, commas, full stops and dashes at its ends, and without
    brackets and quotation marks there whose partners lie outside; None when nothing is left.

    Articles stay, and so do a question mark, an exclamation mark and an abbreviation's full stop.
    """
    start, end = span.start, span.end
    if possessive := _POSSESSIVE.match(text, start, end):
        start = possessive.end()
    while start < end:
        quote = text[start:end]
        if _first_goes(quote):
            start += 1
        elif _last_goes(quote):
            end -= 1
        else:
            return Span(start, end)
    return None


def _first_goes(quote: str) -> bool:
    first = quote[0]
    if first in _APOSTROPHES and quote[1:2].isdigit():
        return False  # the '90s
    if first.isspace() or first in _NEVER_FIRST:
        return True
    if first in _DASHES or first == ".":
        return not quote[1:2].isalnum()  # not the minus of -5, nor the point of .NET
    return _lacks_partner(first, quote)


def _last_goes(quote: str) -> bool:
    last = quote[-1]
    if last.isspace() or last in _NEVER_LAST:
        return True
    if last == ".":
        return _SHORT_FORM.search(quote) is None
    return _lacks_partner(last, quote)


def _lacks_partner(mark: str, quote: str) -> bool:
    """Whether a bracket or quotation mark at an end of the quote has its partner outside."""
    if mark in _OPENING:
        return quote.count(mark) > quote.count(_OPENING[mark])
    if mark in _CLOSING:
        return quote.count(mark) > quote.count(_CLOSING[mark])
    return mark in _STRAIGHT and len(_STRAIGHT[mark].findall(quote)) % 2 == 1
