"""What a Markdown file says of its article above the text: YAML, TOML or JSON."""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

import yaml

from index.ingest.dates import day_of

LONGEST = 50_000
"""What is longer is no front matter."""

_YAML = re.compile(r"\s*(---)[ \t]*(?:\r\n?|\n)")
_TOML = re.compile(r"\s*(\+\+\+)[ \t]*(?:\r\n?|\n)")
_END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_JSON = re.compile(r"\s*(?=\{)")
_FIELD = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_CONTINUATION = re.compile(r"[ \t]|-[ \t]|#|\]|\}|$")
_TITLES = frozenset(("title", "date", "published", "author", "tags", "source", "url"))


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article says about itself; ``end`` is where its Markdown begins, in code points.

    ``source`` is a web address or None: other values, such as an agency's name, identify no
    article. ``published`` is an ISO date, if what is given can be read in one way only.
    """

    end: int = 0
    title: str = ""
    source: str | None = None
    published: str | None = None
    author: str = ""
    tags: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """The front matter, or an empty one when the text does not begin with any.

    What cannot be read as YAML is read line by line, for many write ``title: One: two``.
    """
    opening = _YAML.match(text) or _TOML.match(text)
    if not opening:
        return _of_json(text)
    head = text[: opening.end() + LONGEST].replace("\r\n", "\n\n").replace("\r", "\n")
    closing = _END[opening[1]].search(head, opening.end())
    if not closing:
        return FrontMatter()
    body = text[opening.end() : closing.start()]
    fields = _toml(body) if opening[1] == "+++" else _yaml(body)
    if fields is None:
        return FrontMatter()
    crlf = text[closing.end() - 1 : closing.end() + 1] == "\r\n"
    return _front_matter(fields, closing.end() + crlf)


def _of_json(text: str) -> FrontMatter:
    opening = _JSON.match(text)
    if not opening:
        return FrontMatter()
    try:
        fields, end = json.JSONDecoder().raw_decode(text[: opening.end() + LONGEST], opening.end())
    except (ValueError, RecursionError):
        return FrontMatter()
    parted = text[end : end + 2].startswith(("\n", "\r")) or not text[end:].strip()
    known = isinstance(fields, dict) and not _TITLES.isdisjoint(map(str.lower, fields))
    return _front_matter(fields, end) if known and parted else FrontMatter()


def _toml(body: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(body.replace("\r\n", "\n").replace("\r", "\n"))
    except (ValueError, RecursionError):
        return None


def _yaml(body: str) -> dict[str, Any] | None:
    """The fields, every value as it is written, or None when ``---`` is only a rule."""
    try:
        found = yaml.load(body, Loader=yaml.BaseLoader)  # noqa: S506  # it makes only strings
    except (yaml.YAMLError, ValueError, RecursionError):
        return _line_by_line(body)
    return found if isinstance(found, dict) and found else None


def _line_by_line(body: str) -> dict[str, Any] | None:
    lines = body.splitlines()
    named = [_FIELD.fullmatch(line) for line in lines]
    if not any(named) or not all(
        field or _CONTINUATION.match(line) for field, line in zip(named, lines, strict=True)
    ):
        return None
    return {field[1]: _unquoted(field[2] or "") for field in named if field}


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _front_matter(given: dict[Any, Any], end: int) -> FrontMatter:
    fields = {str(key).lower(): value for key, value in given.items()}
    return FrontMatter(
        end=end,
        title=" ".join(_string(fields.get("title")).split()),
        source=_web_address(fields.get("source")) or _web_address(fields.get("url")),
        published=day_of(_string(fields.get("published")) or _string(fields.get("date"))),
        author=", ".join(_strings(fields.get("author") or fields.get("authors"))),
        tags=_strings(fields.get("tags") or fields.get("keywords")),
    )


def _string(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = value.get("name")
    many = value if isinstance(value, list) else _string(value).split(",")
    named = (one.get("name") if isinstance(one, dict) else one for one in many)
    return tuple(text for one in named if (text := _string(one).strip()))


def _web_address(value: Any) -> str | None:
    text = _string(value)
    return text if text.startswith(("http://", "https://")) else None
