"""Media types that articles come in, and the names that go with them."""

from pathlib import PurePosixPath
from urllib.parse import unquote

from index.errors import InputError
from index.ingest.fetching.address import WebAddress, refusal

_XML = (".xml", ".rss", ".atom")
_TEXT = (".txt", ".text", ".md", ".markdown", ".jsonl", ".ndjson", ".json")
_MARKDOWN = (".md", ".markdown")
_JSON_LINES = (".jsonl", ".ndjson")

# The suffixes that a file of the type may have; the first is given to one that has none of them.
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "text/html": (".html", ".htm", ".xhtml"),
    "application/xhtml+xml": (".xhtml", ".html", ".htm"),
    "application/rss+xml": _XML,
    "application/atom+xml": _XML,
    "application/rdf+xml": _XML,
    "application/xml": _XML,
    "text/xml": _XML,
    "application/pdf": (".pdf",),
    "text/plain": _TEXT,
    "text/markdown": _MARKDOWN,
    "text/x-markdown": _MARKDOWN,
    "application/json": (".json",),
    "application/jsonl": _JSON_LINES,
    "application/x-ndjson": _JSON_LINES,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}

ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5"
"""What is asked for: a page or feed where there is a choice."""


def name_of(address: WebAddress, content_type: str) -> str:
    """A file's name for what was fetched: the last part of its address, with a fitting suffix.

    Raises ``InputError`` (field ``url``) for a type that articles do not come in.
    """
    path = PurePosixPath(unquote(address.target.partition("?")[0], errors="replace"))
    name = "".join(character for character in path.name if character.isprintable())
    suffixes = _SUFFIXES.get(content_type.partition(";")[0].strip().lower())
    if suffixes is None:
        raise _not_taken(address, content_type)
    if PurePosixPath(name).suffix.lower() in suffixes:
        return name
    return (name or address.host) + suffixes[0]


def _not_taken(address: WebAddress, content_type: str) -> InputError:
    what = f"is of the type {content_type[:100]!r}" if content_type else "has no content type"
    return refusal(
        address,
        f"{what}, and what is fetched is HTML, a feed, PDF, DOCX, Markdown, JSON or plain text: "
        "save it in one of these and give the file",
    )
