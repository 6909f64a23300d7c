"""Plain text: files, and texts that come as such."""

from collections.abc import Callable, Iterable
from datetime import date

from index.article import Draft
from index.errors import EmptyArticle, InputError
from index.ingest.loading.decoding import decode, why_unfit
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.title import on_one_line, title_of
from index.ingest.segmenting import has_words, split_plain


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
        text = decode(file.data, file.name)
        limits.check_file_text(text, file.name)
        return Loaded.one(_draft(text))


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
    or opening words serve. ``published`` is an ISO 8601 date, ``2026-01-17``. ``pause`` is called
    for each paragraph, and may raise.

    Raises ``EmptyArticle`` for a text without a letter or digit, and ``InputError`` for a NUL, a
    lone surrogate or many control characters, or for a date of another form; each names the
    field.
    """
    given = (("text", text), ("title", title), ("source", source), ("author", author))
    for field, value in (*given, *(("tags", tag) for tag in tags)):
        reason = why_unfit(value or "")
        if reason:
            raise InputError(f"the {field} holds {reason}: send Unicode text", field=field)
    if not has_words(text):
        raise EmptyArticle("the text holds no words: send the text of an article", field="text")
    paragraphs, headings = split_plain(text, pause=pause)
    return Draft(
        text=text,
        paragraphs=paragraphs,
        headings=headings,
        title=on_one_line(title or "") or title_of(text, paragraphs, headings),
        source=source or None,
        published=_date(published),
        author=on_one_line(author or "") or None,
        tags=tags_of(tags),
    )


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags on one line each, without empty ones and repetitions, in their order."""
    return tuple(dict.fromkeys(tag for tag in map(on_one_line, tags) if tag))


def _draft(text: str) -> Draft:
    paragraphs, headings = split_plain(text)
    return Draft(text, paragraphs, headings, title_of(text, paragraphs, headings))


def _date(published: str | None) -> str | None:
    if not published:
        return None
    try:
        return date.fromisoformat(published).isoformat()
    except ValueError:
        raise InputError(
            f"published is {published!r}, which is no date: write it as 2026-01-17",
            field="published",
        ) from None
