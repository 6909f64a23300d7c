"""RSS and Atom: each entry is an article."""

import io
import re
from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

from index.errors import EmptyArticle, InputError, UnreadableFile
from index.ingest.dates import day_of
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.html import blocks_of_html, web_address
from index.ingest.loading.left_out import NO_DATE, LeftOut, left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.markup import root_of
from index.ingest.segmenting import has_words

_ROOTS = ("feed", "rdf:rdf", "rss")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_NAMES = re.compile(r"[\w:/.,+~%?=&@-]{1,200}")
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
            entries, base = _entries(file.data)
        if not entries:
            raise EmptyArticle(
                f"{file.name!r} is a feed without entries: give one that has some", field="file"
            )
        limits.check("max_file_articles", len(entries), file.name, "entries")
        places = _places(entries)
        parts = [
            _part(entry, file.name + place, base, limits)
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


def _entries(data: bytes) -> tuple[list[Any], str]:
    """The entries, and the address that their relative links go from."""
    import feedparser

    # As a stream, for bytes could name a file. Links in the texts stay as they are.
    parsed = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    detail = parsed.feed.get("title_detail") or {}
    return list(parsed.entries), detail.get("base") or parsed.feed.get("link") or ""


def _part(entry: Any, name: str, base: str, limits: Limits) -> Loaded | Refused:
    left_out: Counter[str] = Counter()
    try:
        with refusing(name, "an entry of a feed"):
            about = _particulars(entry, base)
            draft = draft_of_blocks(_blocks(entry, left_out), about, name, limits)
    except InputError as error:
        return Refused(name, str(error))
    notes = list(left_out_of(left_out))
    said = entry.get("published") or entry.get("updated")
    if said and not about.published:
        notes.append(LeftOut(NO_DATE, 0, repr(str(said)[:60])))
    return Loaded.one(draft, notes)


def _blocks(entry: Any, left_out: Counter[str]) -> list[Block]:
    """What the entry says at most length, if that says anything; else what it says besides."""
    contents = [content for content in entry.get("content") or [] if not content.get("src")]
    contents.sort(key=lambda content: len(content.get("value", "")), reverse=True)
    summaries = [entry.get("summary_detail"), {"value": entry.get("subtitle", "")}]
    media = [entry.get("media_description"), entry.get("media_text")]
    others = [one if isinstance(one, dict) else {"value": one} for one in media]
    for content in (*contents, *summaries, *others):
        blocks = _blocks_of(content or {}, left_out)
        if any(has_words(block.text) for block in blocks if not block.level):
            return blocks
    return []


def _blocks_of(content: Any, left_out: Counter[str]) -> list[Block]:
    text = content.get("value") or ""
    if not isinstance(text, str):
        return []
    if content.get("type") == "text/plain":
        return [Block(paragraph) for paragraph in _PARAGRAPHS.split(text)]
    return blocks_of_html(text, left_out)


def _particulars(entry: Any, base: str) -> Particulars:
    title = " ".join(block.text for block in blocks_of_html(entry.get("title", "")))
    authors = [author.get("name") or "" for author in entry.get("authors") or ()]
    return Particulars(
        title=title,
        source=_address(entry, base) or web_address(entry.get("id")),
        published=day_of(entry.get("published") or entry.get("updated")),
        author=", ".join(filter(None, authors)) or entry.get("author", ""),
        tags=tuple(tag.get("term") or "" for tag in entry.get("tags") or ()),
    )


def _address(entry: Any, base: str) -> str | None:
    """The entry's link, in full: a relative one goes from the entry's own or the feed's base."""
    link = entry.get("link")
    if not isinstance(link, str) or not link.strip():
        return None
    details = (entry.get("title_detail"), entry.get("summary_detail"))
    own = next((one["base"] for one in details if one and one.get("base")), "")
    with suppress(ValueError):
        return web_address(urljoin(urljoin(base, own), link.strip()))
    return None


def _places(entries: list[Any]) -> list[str]:
    """Where each entry is in the feed: by its own id, which stays when others come before it."""
    ids = [str(entry.get("id") or "") for entry in entries]
    again = Counter(ids)
    return [
        f"#{name}" if _NAMES.fullmatch(name) and again[name] == 1 else f"#{number}"
        for number, name in enumerate(ids, start=1)
    ]
