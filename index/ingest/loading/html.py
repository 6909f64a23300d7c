"""HTML pages: their main text, without navigation, advertisements and comments."""

import re
from datetime import date
from typing import Any

from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.decoding import BYTE_ORDER_MARKS, decode
from index.ingest.loading.file import File, known_encoding
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.markup import HEAD_BYTES, blocks_of, root_of
from index.ingest.segmenting import has_words

_CHARSETS = (
    re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})"),
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE),
)
_XML_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]*+(?<=\?)>")
_TAGS_APART = re.compile(r"[,;]")


class HtmlLoader:
    """Loads the main text of a page as trafilatura finds it, with what the page says of itself.

    Title, author, date of publication and tags are from its metadata, the source is its canonical
    address.
    """

    suffixes = (".htm", ".html", ".xhtml")
    media_types = ("application/xhtml+xml", "text/html")
    isolated = True

    def signs(self, data: bytes) -> bool:
        return root_of(data) == "html"

    def recognises(self, data: bytes) -> bool:
        return root_of(data) in ("head", "body")

    def load(self, file: File, limits: Limits) -> Loaded:
        text = decode_html(file)
        with refusing(file.name, "HTML"):
            blocks, about = _extracted(text)
            return Loaded.one(draft_of_blocks(blocks, about, file.name, limits))


def decode_html(file: File) -> str:
    """The text of a page by its byte order mark, the content type, its own word, or its looks.

    Raises as ``decode`` does.
    """
    for encoding in _encodings(file):
        try:
            return file.data.decode(encoding)
        except (UnicodeDecodeError, ValueError):
            continue
    return decode(file.data, file.name)


def _encodings(file: File) -> list[str]:
    if any(file.data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return []
    head = file.data[:HEAD_BYTES]
    said = [found[1].decode("ascii") for pattern in _CHARSETS if (found := pattern.search(head))]
    known = [file.charset, *(known_encoding(name) for name in said)]
    # What could be read to find this out is not in an encoding of two or four bytes.
    return [name for name in known if name and not name.startswith(("utf-16", "utf-32", "utf-7"))]


def _extracted(text: str) -> tuple[list[Block], Particulars]:
    import trafilatura

    # With a fixed date, so that a page is read alike on every day.
    dates = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}
    page: Any = trafilatura.bare_extraction(
        text, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    blocks = list(blocks_of(page.body)) if page else []
    if len(blocks) < 2 or not any(has_words(block.text) for block in blocks if not block.level):
        blocks = _of_small_page(text, blocks)
    return blocks, _particulars(page) if page else Particulars()


def _of_small_page(text: str, found: list[Block]) -> list[Block]:
    """All blocks of a page, if trafilatura found nothing in it or everything and no structure."""
    whole = blocks_of_html(text)
    alike = not found or _bare(found) == _bare(whole)
    return whole if alike else found


def _bare(blocks: list[Block]) -> str:
    return "".join("".join(block.text.split()) for block in blocks)


def _particulars(page: Any) -> Particulars:
    return Particulars(
        title=page.title or "",
        source=web_address(page.url),
        published=day(page.date),
        author=page.author or "",
        tags=tuple(tag for tags in page.tags or () for tag in _TAGS_APART.split(tags)),
    )


def blocks_of_html(text: str) -> list[Block]:
    """All that an HTML page or a part of one shows, as blocks."""
    from lxml import html

    if not text.strip():
        return []
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    root = html.document_fromstring(_XML_DECLARATION.sub("", text, count=1), parser=parser)
    body = root.find("body")
    return list(blocks_of(root if body is None else body))


def web_address(address: Any) -> str | None:
    """The address if it is one of the web, and else None."""
    whole = address.strip() if isinstance(address, str) else ""
    return whole if re.fullmatch(r"https?://[^\s\x00-\x1f\ud800-\udfff]+", whole) else None


def day(value: Any) -> str | None:
    """The day of an ISO date or time, or None for what is none."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None
