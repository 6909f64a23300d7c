"""A title for an article, never empty, and what else is known about it in clean form."""

import re
from collections.abc import Callable

from index.article import Heading, Paragraph
from index.ingest.segmenting import has_words

_UNFIT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u00ad]")
_GAP = re.compile(r"(?<!\s)\s++")
LONGEST_OPENING = 80
LONGEST_HEADING_TITLE = 200


def on_one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def label(text: str) -> str:
    """A title, name or tag on one line, without what is no character to read."""
    return clean(on_one_line(text))


def clean(text: str) -> str:
    """The text without outer white space, blank lines and what is no character to read."""
    return _GAP.sub(_without_blank_lines, _UNFIT.sub("", text)).strip()


def _without_blank_lines(gap: re.Match[str]) -> str:
    return "\n" if gap[0].count("\n") > 1 else gap[0]


def title_of(
    text: str,
    paragraphs: tuple[Paragraph, ...],
    headings: tuple[Heading, ...],
    plain: Callable[[str], str] = on_one_line,
) -> str:
    """The heading above the first paragraph, or else that paragraph's opening words.

    ``plain`` takes a format's marks off. The opening words are at most 80 characters, cut at a
    word; an ellipsis shows the cut and counts.
    """
    first = paragraphs[0]
    if headings and headings[0].span < first.span:
        return heading_title(headings[0].span.of(text), plain)
    return shorten(_plainly(first.span.of(text[: first.span.start + 1000]), plain), LONGEST_OPENING)


def heading_title(heading: str, plain: Callable[[str], str] = on_one_line) -> str:
    """A heading as a title, without the lines above and below it that hold no words."""
    worded = [line for line in heading[:1000].splitlines() if has_words(line)]
    return shorten(_plainly("\n".join(worded) or heading[:1000], plain), LONGEST_HEADING_TITLE)


def shorten(text: str, length: int) -> str:
    """The text if it is at most ``length`` characters, else its first words and an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    if not text[length - 1].isspace():
        head = head.rpartition(" ")[0] or head
    return head.rstrip() + "…"


def _plainly(text: str, plain: Callable[[str], str]) -> str:
    return plain(text) or on_one_line(text)
