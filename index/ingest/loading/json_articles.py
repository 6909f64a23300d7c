"""JSON and JSON Lines: objects with an article's text and what is known about it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.article import Draft
from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.ingest.dates import day_of
from index.ingest.loading.decoding import read
from index.ingest.loading.file import File
from index.ingest.loading.left_out import NO_DATE, LeftOut
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.text import draft_of_text

EXAMPLE = '{"text": "…", "title": "…", "source": "…", "published": "2026-01-17"}'

LONGEST_NUMBER = 1000

_BETWEEN = re.compile(r"[\s,\ufeff]*+")
_STRINGS = ("text", "title", "source", "url", "published", "date")


class JsonLoader:
    """Loads one object, a list of objects, or one object a line.

    Of an object count ``text``, which it must have, ``title``, ``source`` (or ``url``),
    ``published`` (or ``date``), ``author`` and ``tags``; what else it holds is left out.
    """

    suffixes = (".json", ".jsonl", ".ndjson")
    media_types = (
        "application/json",
        "application/jsonl",
        "application/x-jsonlines",
        "application/x-ndjson",
    )
    isolated = False

    def signs(self, data: bytes) -> bool:
        return False

    def recognises(self, data: bytes) -> bool:
        """By an object that could be an article, for plain text may begin with a bracket."""
        head = data.lstrip()
        return head[:1] in (b"{", b"[") and b'"text"' in head

    def load(self, file: File, limits: Limits) -> Loaded:
        name = file.name
        text, notes = read(file.data, name, file.charset)
        values = list(_values(text, name))
        limits.check("max_file_articles", len(values), name, "articles")
        undated = [LeftOut(NO_DATE, 0, f"{place}{said!r}") for place, said in _undated(values)]
        if len(values) == 1:
            return Loaded.one(_draft(values[0], name, limits), (*notes, *undated))
        places = [f"#{number}" for number in range(1, len(values) + 1)]
        parts = [
            _part(value, name + place, limits) for value, place in zip(values, places, strict=True)
        ]
        return replace(Loaded.many(parts, places), left_out=(*notes, *undated))


def _undated(values: list[Any]) -> Iterator[tuple[str, str]]:
    """What is given as a date and is none, with its place."""
    for number, value in enumerate(values, start=1):
        said = (value.get("published") or value.get("date")) if isinstance(value, dict) else None
        if isinstance(said, str) and said.strip() and day_of(said) is None:
            yield (f"#{number} " if len(values) > 1 else ""), said.strip()[:60]


def _values(text: str, name: str) -> Iterator[Any]:
    """The values of a JSON file, of JSON Lines, or of one value after the other.

    A line that is no JSON is given as the error that it is, so that the others are taken.
    """
    try:
        whole = _value(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) >= 2 and any(map(_is_json, lines[:2])):
            yield from map(_value_of_line, lines)
            return
        following = _one_after_the_other(text)
        if not following:
            raise _no_json(name, error) from error
        yield from following
        return
    if isinstance(whole, list) and not whole:
        raise EmptyArticle(f"{name!r} holds no articles: give {EXAMPLE}", field="file")
    yield from whole if isinstance(whole, list) else [whole]


def _value(text: str) -> Any:
    return json.loads(text.strip("\ufeff \t\r\n"), parse_int=_number)


def _number(digits: str) -> int | float:
    """Numbers say nothing of an article; Python refuses to read one of thousands of digits."""
    return int(digits) if len(digits) < LONGEST_NUMBER else float("inf")


def _one_after_the_other(text: str) -> list[Any]:
    """The objects that follow each other over several lines each, or none if there is more."""
    decoder = json.JSONDecoder(parse_int=_number)
    found: list[Any] = []
    place = 0
    try:
        while (start := _BETWEEN.match(text, place).end()) < len(text):  # type: ignore[union-attr]
            value, place = decoder.raw_decode(text, start)
            if not isinstance(value, dict):
                return []
            found.append(value)
    except (ValueError, RecursionError):
        return []
    return found


def _value_of_line(line: str) -> Any:
    try:
        return _value(line)
    except (ValueError, RecursionError) as error:
        return error


def _is_json(line: str) -> bool:
    return isinstance(_value_of_line(line), dict)


def _part(value: Any, name: str, limits: Limits) -> Draft | Refused:
    try:
        return _draft(value, name, limits)
    except InputError as error:
        return Refused(name, str(error))


def _draft(value: Any, name: str, limits: Limits) -> Draft:
    """Raises ``UnreadableFile`` for what is no article."""
    if isinstance(value, Exception):
        raise _no_json(name, value)
    if not isinstance(value, dict):
        raise UnreadableFile(f"{name!r} holds no object: give {EXAMPLE}", field="file")
    fields = {key: _string(value, key, name) for key in _STRINGS}
    text = fields["text"]
    if text is None:
        raise UnreadableFile(f'{name!r} has no "text": give {EXAMPLE}', field="file")
    limits.check_file_text(text, name)
    try:
        return draft_of_text(
            text,
            fields["title"],
            fields["source"] or fields["url"],
            day_of(_said_date(fields)),
            ", ".join(_strings(value, "author", name)),
            _strings(value, "tags", name),
        )
    except LimitExceeded:
        raise
    except InputError as error:
        raise type(error)(f"{name!r}: {error}", field="file") from error


def _said_date(fields: dict[str, str | None]) -> str:
    return (fields["published"] or fields["date"] or "").strip()


def _string(value: dict[str, Any], key: str, name: str) -> str | None:
    found = value.get(key)
    if found is None or isinstance(found, str):
        return found
    raise _wrong(name, key, found, "a string")


def _strings(value: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    found = value.get(key)
    if found is None:
        return ()
    if isinstance(found, str):
        return (found,)
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return tuple(found)
    raise _wrong(name, key, found, "a string or a list of strings")


def _wrong(name: str, key: str, found: Any, wanted: str) -> UnreadableFile:
    kind = "an object" if isinstance(found, dict) else f"{str(found)[:60]!r}"
    return UnreadableFile(f'{name!r} has as "{key}" {kind}: give {wanted}', field="file")


def _no_json(name: str, error: Exception) -> UnreadableFile:
    why = str(error)
    if isinstance(error, RecursionError):
        why = "it is nested too deep"
    elif isinstance(error, json.JSONDecodeError):
        why = f"{error.msg} at line {error.lineno}, column {error.colno}"
    return UnreadableFile(f"{name!r} is no JSON ({why}): give {EXAMPLE}", field="file")
