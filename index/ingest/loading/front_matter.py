"""The lines between ``---`` at the top of a Markdown file."""

import re
from dataclasses import dataclass
from datetime import date

_FENCE = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_CONTINUATION = re.compile(r"[ \t]|-[ \t]|#|\]|\}|$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article says about itself; ``end`` is where its Markdown begins, in code points.

    ``source`` is a web address or None: other values, such as an agency's name, identify no
    article. ``published`` is an ISO date.
    """

    end: int = 0
    title: str = ""
    source: str | None = None
    published: str | None = None


def read_front_matter(text: str) -> FrontMatter:
    """The front matter, or an empty one when the text does not begin with any."""
    opening = _FENCE.match(text)
    closing = _END.search(text.replace("\r", "\n"), opening.end()) if opening else None
    if not opening or not closing:
        return FrontMatter()
    lines = text[opening.end() : closing.start()].splitlines()
    if not _are_fields(lines):
        return FrontMatter()
    fields = _fields(lines)
    return FrontMatter(
        end=closing.end() + (text[closing.end() - 1 : closing.end() + 1] == "\r\n"),
        title=" ".join(fields.get("title", "").split()),
        source=_web_address(fields.get("source")) or _web_address(fields.get("url")),
        published=_date(fields.get("published") or fields.get("date") or ""),
    )


def _are_fields(lines: list[str]) -> bool:
    """Whether every line can be YAML and one is ``key: value``: else ``---`` is only a rule."""
    named = [_FIELD.fullmatch(line) is not None for line in lines]
    return any(named) and all(
        is_named or _CONTINUATION.match(line) for is_named, line in zip(named, lines, strict=True)
    )


def _fields(lines: list[str]) -> dict[str, str]:
    found = (_FIELD.fullmatch(line) for line in lines)
    return {field[1].lower(): _unquoted(field[2] or "") for field in found if field}


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _web_address(value: str | None) -> str | None:
    return value if value and value.startswith(("http://", "https://")) else None


def _date(value: str) -> str | None:
    """The day of an ISO date or time; other forms are left out, for they may be misread."""
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        return None
