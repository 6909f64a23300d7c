"""Exchange: a library as JSON Lines and back, to the letter.

The first line says what the file is, how many articles follow and which revision of a library
they make. Each further line is one article with its structure; ``text``, ``title``, ``source``,
``published``, ``author`` and ``tags`` are named as wherever articles are JSON. All offsets are
code points into ``text``, end exclusive.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TextIO, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.article import Article, Draft, Heading, Paragraph, Span, Structure
from index.errors import InputError, LibraryError, LibraryMissing
from index.library import Addition
from index.sqlite.database import Database
from index.sqlite.schema import FILE_NAME
from index.sqlite.snapshot import View
from index.sqlite.writer import fingerprint, library_revision

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many articles of it, of how many."""

_Offsets = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(gt=0)]]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Header(_Line):
    pullquote: Literal["library"]
    version: Literal[1]
    articles: Annotated[int, Field(ge=0)]
    revision: str


class _Paragraph(_Line):
    """A paragraph; ``heading`` is where the one it stands under starts."""

    span: _Offsets
    sentences: list[_Offsets]
    heading: int | None
    page: int | None


class _Article(_Line):
    text: str
    title: str
    source: str | None
    published: str | None
    author: str | None
    tags: list[str]
    headings: list[tuple[int, int, int]]
    paragraphs: list[_Paragraph]

    def draft(self) -> Draft:
        """Raises ``ValueError`` when its parts do not lie in its text."""
        headings = {start: Heading(Span(start, end), level) for start, end, level in self.headings}
        paragraphs = tuple(
            Paragraph(
                number,
                Span(*part.span),
                tuple(Span(*sentence) for sentence in part.sentences),
                None if part.heading is None else headings[part.heading],
                part.page,
            )
            for number, part in enumerate(self.paragraphs, 1)
        )
        _check_places(len(self.text), paragraphs, tuple(headings.values()))
        return Draft(
            self.text,
            paragraphs,
            tuple(headings.values()),
            self.title,
            self.source,
            self.published,
            self.author,
            tuple(self.tags),
        )


def _check_places(
    length: int, paragraphs: tuple[Paragraph, ...], headings: tuple[Heading, ...]
) -> None:
    whole = Span(0, length)
    if not paragraphs:
        raise ValueError("it has no paragraphs")
    spans = [*(part.span for part in paragraphs), *(part.span for part in headings)]
    if not all(whole.contains(span) for span in spans):
        raise ValueError("a paragraph or heading leaves the text")
    for paragraph in paragraphs:
        if not paragraph.sentences:
            raise ValueError(f"paragraph {paragraph.number} has no sentences")
        if not all(paragraph.span.contains(sentence) for sentence in paragraph.sentences):
            raise ValueError(f"a sentence leaves paragraph {paragraph.number}")


class Taker(Protocol):
    """The part of a library that importing needs."""

    def add(self, draft: Draft) -> Addition: ...


def export_library(folder: Path, file: Path, on_progress: Progress | None = None) -> int:
    """Write the library in ``folder``, as it is at one moment, and say how many articles it has.

    Equal revisions give equal bytes. The file is there only when it is whole. Raises
    ``LibraryMissing`` or another ``LibraryError``.
    """
    database = Database(folder / FILE_NAME)
    if not os.path.exists(database.path):
        raise LibraryMissing(f"there is no library in {str(folder)!r}: give another with --library")
    part = file.with_name(f"{file.name}.part")
    try:
        with (
            database.reading() as connection,
            part.open("w", encoding="utf-8", newline="\n") as stream,
        ):
            count = _write(View(connection, 0), stream, on_progress)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, file)
    except OSError as error:
        raise LibraryError(
            f"{str(file)!r} cannot be written ({error.strerror}): give the name of a file that is "
            "yours to write"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def _write(view: View, stream: TextIO, on_progress: Progress | None) -> int:
    ids = view.article_ids()
    header = _Header(pullquote="library", version=1, articles=len(ids), revision=view.revision)
    stream.write(_spelled(header.model_dump()))
    for done, article_id in enumerate(ids, 1):
        article = view.article(article_id)
        if article:
            stream.write(_spelled(_document(article, view.structure(article_id))))
        if on_progress:
            on_progress("exporting", done, len(ids))
    return len(ids)


def _spelled(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _document(article: Article, structure: Structure) -> dict[str, Any]:
    return {
        "text": article.text,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "tags": article.tags,
        "headings": [(one.span.start, one.span.end, one.level) for one in structure.headings],
        "paragraphs": [
            {
                "span": (part.span.start, part.span.end),
                "sentences": [(one.start, one.end) for one in part.sentences],
                "heading": part.heading.span.start if part.heading else None,
                "page": part.page,
            }
            for part in structure.paragraphs
        ],
    }


def import_library(library: Taker, file: Path, on_progress: Progress | None = None) -> int:
    """Take the articles of an exported library in, and say how many there are.

    The whole file is looked at first: one that is damaged, cut off or no export takes nothing in.
    Articles of the same sources are replaced. Raises ``InputError`` (field ``file``).
    """
    header = _checked(file, on_progress)
    for done, (_, draft) in enumerate(_drafts(file), 1):
        library.add(draft)
        if on_progress:
            on_progress("importing", done, header.articles)
    return header.articles


def _checked(file: Path, on_progress: Progress | None) -> _Header:
    """The first line, once what follows is found to be what it says."""
    lines = _lines(file)
    number, first = next(lines, (1, ""))
    header = _parsed(_Header, first, file, number)
    marks = []
    for _, draft in _drafts(file):
        marks.append(fingerprint(draft))
        if on_progress:
            on_progress("checking", len(marks), header.articles)
    if len(marks) != header.articles:
        raise _unfit(file, f"it has {len(marks)} articles and should have {header.articles}")
    if library_revision(marks) != header.revision:
        raise _unfit(file, "its articles are not those that were exported")
    return header


def _drafts(file: Path) -> Iterator[tuple[int, Draft]]:
    for number, line in _lines(file):
        if number > 1:
            try:
                yield number, _parsed(_Article, line, file, number).draft()
            except (ValueError, KeyError) as error:
                raise _unfit(file, f"line {number}: {error}") from error


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8", newline="\n") as stream:
            yield from enumerate(stream, 1)
    except OSError as error:
        raise InputError(
            f"{str(file)!r} cannot be read ({error.strerror}): give a file that 'pullquote "
            "export' wrote",
            "file",
        ) from error
    except UnicodeDecodeError as error:
        raise _unfit(file, "it is not UTF-8") from error


Model = TypeVar("Model", bound=_Line)


def _parsed(model: type[Model], line: str, file: Path, number: int) -> Model:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        why = f"line {number}: {place or 'the line'}: {first['msg']}"
        raise _unfit(file, why) from error


def _unfit(file: Path, why: str) -> InputError:
    return InputError(
        f"{str(file)!r} is no whole export of a library ({why}): export it again, or take "
        "articles of other files in with 'pullquote index'",
        "file",
    )
