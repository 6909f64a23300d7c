"""HTML and XML: what a file is, and its elements as blocks of text."""

import re
from collections.abc import Iterator
from typing import Any

from index.ingest.loading.blocks import Block
from index.ingest.loading.decoding import BYTE_ORDER_MARKS

HEAD_BYTES = 4096
"""Within so many bytes a file must have shown what it is."""

_PREAMBLE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^>\[]*(?:\[[^\]]*\]\s*)?>?", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w:.-]*)")

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARTING = frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure "
    "footer form header hr html item legend li list main nav ol p quote section summary table "
    "tbody tfoot thead title ul".split()
)
_ROWS = frozenset(("tr", "row"))
_CELLS = frozenset(("td", "th", "cell"))
_AS_WRITTEN = frozenset(("pre", "code", "textarea"))
_HIDDEN = frozenset(
    "audio button canvas embed iframe input math noscript object script select style svg "
    "template video".split()
)
_WHITE_SPACE = re.compile(r"\s+")


def root_of(data: bytes) -> str:
    """The name of the first element in lower case, or ``""`` for what is no markup.

    What a document type names goes before it.
    """
    text, place = _head(data), 0
    while skipped := _PREAMBLE.match(text, place):
        place = skipped.end()
    doctype = _DOCTYPE.match(text, place)
    if doctype and doctype[1].lower() == "html":
        return "html"
    while skipped := _PREAMBLE.match(text, doctype.end() if doctype else place):
        doctype, place = None, skipped.end()
    element = _ELEMENT.match(text, doctype.end() if doctype else place)
    return element[1].lower() if element else ""


def _head(data: bytes) -> str:
    head = data[:HEAD_BYTES]
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    return head.decode("latin-1")


def blocks_of(root: Any) -> Iterator[Block]:
    """The blocks in an element of lxml's, of HTML or what trafilatura makes of it.

    A paragraph, list item or table row is a block each; the cells of a row are set apart by
    bars, unless the table only gives a layout. Line breaks are kept.
    """
    return _Walk().over(root)


class _Walk:
    """Collects the text between the elements that part blocks."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._level = 0
        self._rows = 0
        self._as_written = 0

    def over(self, root: Any) -> Iterator[Block]:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start" and tag in _HIDDEN:
                walk.skip_subtree()
            elif event == "start":
                yield from self._begin(tag, element)
                self._add(element.text)
            elif event == "end" and tag not in _HIDDEN:
                yield from self._finish(tag, element)
            if event != "start" and element is not root:
                self._add(element.tail)
        yield from self._block()

    def _begin(self, tag: str, element: Any) -> Iterator[Block]:
        if self._rows:
            if tag in _CELLS:
                self._pieces.append(" | ")
            elif tag in _PARTING or tag in ("br", "lb"):
                self._pieces.append(" ")
            self._rows += tag in _ROWS
        elif tag in _ROWS and _is_tabular(element):
            yield from self._block()
            self._rows = 1
        elif tag in ("br", "lb"):
            self._pieces.append("\n")
        elif _parts(tag):
            yield from self._block()
            self._level = _level_of(tag, element)
        self._as_written += tag in _AS_WRITTEN

    def _finish(self, tag: str, element: Any) -> Iterator[Block]:
        self._as_written -= tag in _AS_WRITTEN
        if self._rows:
            self._rows -= tag in _ROWS
            if self._rows:
                return
        elif not _parts(tag):
            return
        yield from self._block()

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text if self._as_written else _WHITE_SPACE.sub(" ", text))

    def _block(self) -> Iterator[Block]:
        text = "".join(self._pieces)
        level, self._level = self._level, 0
        self._pieces.clear()
        if level:
            text = _WHITE_SPACE.sub(" ", text)
        lines = (line.strip(" |") if " | " in line else line.rstrip() for line in text.split("\n"))
        shown = "\n".join(lines).strip()
        if shown:
            yield Block(shown, level)


def _parts(tag: str) -> bool:
    return tag in _PARTING or tag in _HEADINGS or tag in ("pre", "head") or tag in _ROWS | _CELLS


def _level_of(tag: str, element: Any) -> int:
    if tag == "head":  # trafilatura's heading
        return _HEADINGS.get(element.get("rend", ""), 2)
    return _HEADINGS.get(tag, 0)


def _is_tabular(row: Any) -> bool:
    """Whether a row's cells are short, and not a page's columns."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) > 1 and not any(
        next(row.iter(kind), None) is not None for kind in ("table", "li", "item", *_HEADINGS)
    )
