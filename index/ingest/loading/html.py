"""HTML pages: their main text, without navigation, advertisements and comments."""

import re
from collections import Counter
from contextlib import suppress
from typing import Any

from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.decoding import BYTE_ORDER_MARKS, decode_as, read
from index.ingest.loading.file import File, known_encoding
from index.ingest.loading.left_out import LeftOut, left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.main_content import BOILERPLATE, main_content
from index.ingest.loading.markup import HEAD_BYTES, root_of, shown_blocks, with_speakers
from index.ingest.loading.published import published_of
from index.ingest.loading.shown import hide_unseen

_CHARSETS = (
    re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})"),
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE),
)
_TAG = re.compile(r"</?[A-Za-z][\w:-]*+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
LONGEST_TAG = 5000
MOST_ATTRIBUTES = 1000
_XML_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]*+(?<=\?)>")
_TAGS_APART = re.compile(r"[,;]")


class HtmlLoader:
    """Loads the main text of a page as trafilatura finds it, with what the page says of itself.

    Every word that a kept block shows is in the article. Title, author, date of publication and
    tags are from the page's metadata, the source is its canonical address.
    """

    suffixes = (".htm", ".html", ".xhtml")
    media_types = ("application/xhtml+xml", "text/html")
    isolated = True

    def signs(self, data: bytes) -> bool:
        return root_of(data) == "html"

    def recognises(self, data: bytes) -> bool:
        return root_of(data) in ("head", "body")

    def load(self, file: File, limits: Limits) -> Loaded:
        text, guess = decode_html(file)
        with refusing(file.name, "HTML"):
            blocks, about, left_out = _extracted(text)
            draft = draft_of_blocks(blocks, about, file.name, limits)
        return Loaded.one(draft, (*guess, *left_out))


def decode_html(file: File) -> tuple[str, tuple[LeftOut, ...]]:
    """The text of a page by its byte order mark, the content type, its own word, or its looks.

    And what to tell of it. Raises as ``decode`` does.
    """
    said = _encodings(file)
    for encoding in said:
        with suppress(UnicodeDecodeError, ValueError):
            # A page that is called something else but is UTF-8 throughout is UTF-8.
            return file.data.decode("utf-8"), ()
        with suppress(UnicodeDecodeError, ValueError):
            return decode_as(file.data, encoding), ()
    if "utf-8" in said and 0 not in file.data:
        text = file.data.decode("utf-8", "replace")
        return text, (LeftOut("characters that are damaged", text.count("\ufffd")),)
    return read(file.data, file.name)


def _encodings(file: File) -> list[str]:
    if any(file.data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return []
    head = file.data[:HEAD_BYTES]
    said = [found[1].decode("ascii") for pattern in _CHARSETS if (found := pattern.search(head))]
    known = [file.charset, *(known_encoding(name) for name in said)]
    # What could be read to find this out is not in an encoding of two or four bytes.
    return [name for name in known if name and not name.startswith(("utf-16", "utf-32", "utf-7"))]


def _extracted(text: str) -> tuple[list[Block], Particulars, tuple[LeftOut, ...]]:
    root = _parsed(text)
    if root is None:
        return [], Particulars(), ()
    about, notes = _particulars(root)
    left_out = hide_unseen(root)
    shown = shown_blocks(_body(root), left_out)
    kept = main_content(shown) if shown else []
    left_out[BOILERPLATE] = len(shown) - len(kept)
    return with_speakers(kept), about, (*notes, *left_out_of(left_out))


def _particulars(root: Any) -> tuple[Particulars, list[LeftOut]]:
    from trafilatura import metadata

    page = metadata.examine_meta(root)
    if page.author and " " not in page.author:
        page.author = None
    with suppress(Exception):  # whatever a page may give as JSON
        page = metadata.extract_meta_json(root, page)
    tags = page.tags or metadata.extract_catstags("tag", root)
    published, where = published_of(root)
    about = Particulars(
        title=page.title or metadata.extract_title(root) or "",
        source=web_address(page.url or metadata.extract_url(root, None)),
        published=published,
        author=page.author or metadata.extract_author(root) or "",
        tags=tuple(tag for together in tags or () for tag in _TAGS_APART.split(together)),
    )
    return about, [LeftOut(f"date of publication from {where}")] if where else []


def blocks_of_html(text: str, left_out: Counter[str] | None = None) -> list[Block]:
    """All that an HTML page or a part of one shows, as blocks; ``left_out`` counts what is not."""
    root = _parsed(text)
    if root is None:
        return []
    counts = Counter[str]() if left_out is None else left_out
    counts.update(hide_unseen(root))
    return with_speakers(shown_blocks(_body(root), counts))


def _parsed(text: str) -> Any:
    """The page's root, or None for what holds nothing."""
    from lxml import html

    if not text.strip():
        return None
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    text = _without_floods(_XML_DECLARATION.sub("", text, count=1))
    return html.document_fromstring(text, parser=parser)


def _without_floods(text: str) -> str:
    """The page, tags of thousands of attributes without them: the parser takes quadratic time."""
    pieces: list[str] = []
    kept = place = 0
    while (start := text.find("<", place)) >= 0 and (end := text.find(">", start)) >= 0:
        place = end + 1
        if end - start > LONGEST_TAG:
            tag = _TAG.match(text, start)
            words = _QUOTED.sub(" ", text[start:end]) if tag else ""
            if tag and max(words.count("="), len(words.split())) > MOST_ATTRIBUTES:
                pieces += (text[kept : tag.end()], ">")
                kept = place
    return "".join((*pieces, text[kept:]))


def _body(root: Any) -> Any:
    body = root.find("body")
    return root if body is None else body


def web_address(address: Any) -> str | None:
    """The address if it is one of the web, and else None."""
    whole = address.strip() if isinstance(address, str) else ""
    return whole if re.fullmatch(r"https?://[^\s\x00-\x1f\ud800-\udfff]+", whole) else None
