"""Plain text: files, and texts that come as such."""

from collections.abc import Callable, Iterable
from datetime import datetime

from index.article import Draft, Paragraph
from index.errors import EmptyArticle, InputError
from index.ingest.byline import LONGEST_BYLINE, byline, date_line
from index.ingest.loading.decoding import read, why_unfit
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.title import label, title_of
from index.ingest.segmenting import has_words, split_plain

LINES_ABOVE = 3
"""So many short paragraphs at the top may name the author and the date."""


class TextLoader:
    """Loads plain text; see ``index.ingest.segmenting`` for how its structure is read."""

    suffixes = (".text", ".txt")
    media_types = ("text/plain",)
    isolated = False

    def signs(self, data: bytes) -> bool:
        return False

    def recognises(self, data: bytes) -> bool:
        return True  # Anything may be text; decoding tells.

    def load(self, file: File, limits: Limits) -> Loaded:
        text, notes = read(file.data, file.name, file.charset)
        limits.check_file_text(text, file.name)
        return Loaded.one(_draft(text), notes)


def draft_of_text(
    text: str,
    title: str | None = None,
    source: str | None = None,
    published: str | None = None,
    author: str | None = None,
    tags: tuple[str, ...] = (),
    pause: Callable[[], None] = lambda: None,
) -> Draft:
    """A draft of a plain text that comes as such, kept exactly as it is.

    Offsets are code points into ``text``, end exclusive. Without a title the text's own heading
    or opening words serve. ``published`` is an ISO 8601 date,
    ``2026-01-17``, or time, of which the day counts as it is written. ``pause`` is called for each
    paragraph, and may raise.

    Raises ``EmptyArticle`` for a text without a letter or digit, and ``InputError`` for a NUL, a
    lone surrogate or many control characters, or for a date of another form; each names the
    field.
    """
    reason = why_unfit(text)
    if reason:
        raise InputError(f"the text holds {reason}: send Unicode text", field="text")
    given = (("title", title), ("source", source), ("author", author))
    for field, value in (*given, *(("tags", tag) for tag in tags)):
        reason = why_unfit(value or "")
        if reason:
            raise InputError(f"the {field} holds {reason}: send Unicode text", field=field)
    if not has_words(text):
        raise EmptyArticle("the text holds no words: send the text of an article", field="text")
    paragraphs, headings = split_plain(text, pause=pause)
    said = _said_of_itself(text, paragraphs)
    return Draft(
        text=text,
        paragraphs=paragraphs,
        headings=headings,
        title=label(title or "") or title_of(text, paragraphs, headings),
        source=source or None,
        published=_date(published) or said[1],
        author=label(author or "") or said[0],
        tags=tags_of(tags),
    )


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags, each on one line and clean, without empty ones and repetitions, in their order."""
    return tuple(dict.fromkeys(tag for tag in map(label, tags) if tag))


def _draft(text: str) -> Draft:
    paragraphs, headings = split_plain(text)
    author, published = _said_of_itself(text, paragraphs)
    title = title_of(text, paragraphs, headings)
    return Draft(text, paragraphs, headings, title, None, published, author)


def _said_of_itself(text: str, paragraphs: tuple[Paragraph, ...]) -> tuple[str | None, str | None]:
    """The author and the date, from lines of their own above the text."""
    author, published = None, None
    for paragraph in paragraphs[:LINES_ABOVE]:
        if paragraph.span.end - paragraph.span.start > LONGEST_BYLINE:
            break
        for line in paragraph.span.of(text).splitlines():
            named = byline(line)
            if named:
                author, published = author or named[0], published or named[1]
            else:
                published = published or date_line(line)
    return author, published


def _date(published: str | None) -> str | None:
    if not published:
        return None
    try:
        return datetime.fromisoformat(published).date().isoformat()
    except ValueError:
        raise InputError(
            f"published is {published!r}, which is no date: write it as 2026-01-17",
            field="published",
        ) from None
