"""RSS and Atom: each entry is an article."""

import io
import re
from time import struct_time
from typing import Any

from index.article import Draft
from index.errors import EmptyArticle, InputError, UnreadableFile
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.html import blocks_of_html, web_address
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.markup import root_of

_ROOTS = ("feed", "rdf:rdf", "rss")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


class FeedLoader:
    """Loads the entries that a feed holds whole or in summary, not what they link to.

    An entry's title, author, date, tags and link, which is its source, are kept.
    """

    suffixes = (".atom", ".rss", ".xml")
    media_types = (
        "application/atom+xml",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/xml",
    )
    isolated = True

    def signs(self, data: bytes) -> bool:
        return root_of(data) in _ROOTS

    def recognises(self, data: bytes) -> bool:
        return False

    def load(self, file: File, limits: Limits) -> Loaded:
        if not self.signs(file.data):
            raise UnreadableFile(
                f"{file.name!r} is no RSS or Atom feed: give one, or a page as HTML", field="file"
            )
        _refuse_entities(file)
        with refusing(file.name, "a feed"):
            entries = _entries(file.data)
        if not entries:
            raise EmptyArticle(
                f"{file.name!r} is a feed without entries: give one that has some", field="file"
            )
        limits.check("max_file_articles", len(entries), file.name, "entries")
        places = [f"#{number}" for number in range(1, len(entries) + 1)]
        parts = [
            _part(entry, file.name + place, limits)
            for entry, place in zip(entries, places, strict=True)
        ]
        return Loaded.many(parts, places)


def _refuse_entities(file: File) -> None:
    """Feeds need no entities of their own, and bombs are made of them."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    declares = _ENTITY.search(file.data.replace(b"\0", b"")) is not None
    try:
        for _ in () if declares else iterparse(io.BytesIO(file.data)):
            pass
    except DefusedXmlException:
        declares = True
    except (ParseError, ValueError, LookupError):
        pass  # Many feeds are no proper XML; feedparser takes them.
    if declares:
        raise UnreadableFile(
            f"{file.name!r} declares XML entities, which can grow without end: save the feed "
            "without its document type",
            field="file",
        )


def _entries(data: bytes) -> list[Any]:
    import feedparser

    # As a stream, for bytes could name a file. Addresses stay as they are without a base.
    parsed = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    return list(parsed.entries)


def _part(entry: Any, name: str, limits: Limits) -> Draft | Refused:
    try:
        with refusing(name, "an entry of a feed"):
            about = _particulars(entry)
            return draft_of_blocks(_blocks(entry), about, name, limits)
    except InputError as error:
        return Refused(name, str(error))


def _blocks(entry: Any) -> list[Block]:
    contents = entry.get("content") or [entry.get("summary_detail") or {}]
    longest = max(contents, key=lambda content: len(content.get("value", "")))
    text = longest.get("value", "")
    if longest.get("type") == "text/plain":
        return [Block(paragraph) for paragraph in re.split(r"\n\s*\n", text)]
    return blocks_of_html(text)


def _particulars(entry: Any) -> Particulars:
    title = " ".join(block.text for block in blocks_of_html(entry.get("title", "")))
    return Particulars(
        title=title,
        source=web_address(entry.get("link")) or web_address(entry.get("id")),
        published=_day(entry.get("published_parsed") or entry.get("updated_parsed")),
        author=entry.get("author", ""),
        tags=tuple(tag.get("term") or "" for tag in entry.get("tags") or ()),
    )


def _day(when: struct_time | None) -> str | None:
    return f"{when.tm_year:04}-{when.tm_mon:02}-{when.tm_mday:02}" if when else None
