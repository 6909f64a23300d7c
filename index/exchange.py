"""Exchange: a library as JSON Lines and back, to the letter.

The first line says what the file is, how many articles follow and which revision of a library
they make. Each further line is one article with its structure; ``text``, ``title``, ``source``,
``published``, ``author`` and ``tags`` are named as wherever articles are JSON. All offsets are
code points into ``text``, end exclusive.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TextIO, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.article import Article, Draft, Heading, Paragraph, Span, Structure
from index.errors import InputError, LibraryError
from index.identity import identify, library_revision
from index.library import Addition
from index.search.snapshot import Snapshot

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
        draft = Draft(
            self.text,
            tuple(
                Paragraph(
                    number,
                    Span(*part.span),
                    tuple(Span(*sentence) for sentence in part.sentences),
                    None if part.heading is None else headings[part.heading],
                    part.page,
                )
                for number, part in enumerate(self.paragraphs, 1)
            ),
            tuple(headings.values()),
            self.title,
            self.source,
            self.published,
            self.author,
            tuple(self.tags),
        )
        draft.validate()
        return draft


class Source(Protocol):
    """The part of an engine that exporting needs."""

    def reading(self) -> AbstractContextManager[Snapshot]: ...


class Target(Protocol):
    """The part of a library that importing needs."""

    def add(self, draft: Draft) -> Addition: ...

    def batch(self) -> AbstractContextManager[None]: ...


def export_library(source: Source, file: Path, on_progress: Progress | None = None) -> int:
    """Write a library, as it is at one moment, and say how many articles it has.

    Equal revisions give equal bytes. The file is there only when it is whole. Raises
    ``LibraryError``.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with (
            source.reading() as snapshot,
            part.open("w", encoding="utf-8", newline="\n") as stream,
        ):
            count = _write(snapshot, stream, on_progress)
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


def _write(snapshot: Snapshot, stream: TextIO, on_progress: Progress | None) -> int:
    ids = snapshot.article_ids()
    header = _Header(pullquote="library", version=1, articles=len(ids), revision=snapshot.revision)
    stream.write(_spelled(header.model_dump()))
    for done, article_id in enumerate(ids, 1):
        for article, structure in snapshot.wholes([article_id]):
            stream.write(_spelled(_document(article, structure)))
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


def import_library(library: Target, file: Path, on_progress: Progress | None = None) -> int:
    """Ingest the articles of an exported library, and say how many there are.

    The whole file is looked at first: one that is damaged, cut off or no export takes nothing in.
    Articles of the same sources are replaced. Raises ``InputError`` (field ``file``).
    """
    header = _checked(file, on_progress)
    with library.batch():
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
    fingerprints: list[str] = []
    for _, draft in _drafts(file):
        fingerprints.append(identify(draft).fingerprint)
        if on_progress:
            on_progress("checking", len(fingerprints), header.articles)
    if len(fingerprints) != header.articles:
        raise _unfit(file, f"it has {len(fingerprints)} articles and should have {header.articles}")
    if library_revision(fingerprints) != header.revision:
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
