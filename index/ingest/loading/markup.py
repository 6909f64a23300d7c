"""HTML and XML: what a file is, and its elements as blocks of text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.ingest.loading.blocks import Block
from index.ingest.loading.decoding import BYTE_ORDER_MARKS
from index.ingest.loading.formulas import of_mathml
from index.ingest.loading.grid import GridCell, Tables
from index.ingest.loading.scripts import Run, joined
from index.ingest.loading.shown import UNSEEN

HEAD_BYTES = 4096
"""Within so many bytes a file must have shown what it is."""

_PREAMBLE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^>\[]*(?:\[[^\]]*\]\s*)?>?", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w:.-]*)")

_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "summary": 3}
_PARTING = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol p pre search "
    "section summary table tbody td tfoot th thead tr ul".split()
)
_AS_WRITTEN = frozenset(("pre", "listing", "xmp"))
_TIME = re.compile(r"\d[:./-]\d")
_FIELDS = frozenset("a data label output small span time".split())
_SET_APART = frozenset(
    "audio button canvas embed iframe img input object picture select svg textarea video".split()
)
"""What stands on a line like a word of its own."""
_NOTED = frozenset(
    "footnote footnotes noteref reference footnote-ref footnote-reference fn fnref note-ref "
    "msofootnotereference msoendnotereference endnote-ref footnoteref cite_ref citation".split()
)
_BLOCK_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_FORMULA_PICTURE = re.compile(r"\b(?:math|tex|latex|mwe-math\S*|emoji)\b", re.IGNORECASE)
_OPENS_QUOTE = tuple("\"'“„«‹‘‚「『")
_WHITE_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r" ++")
LONGEST_SPEAKER = 120

FORMULAS = "formulas as text"


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of a page and the element that it is the text of, or a part of the text of.

    ``linked`` is how many of its characters are those of links and buttons.
    """

    block: Block
    element: Any
    linked: int = 0


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


def shown_blocks(root: Any, left_out: Counter[str]) -> list[Shown]:
    """The blocks in an element of lxml's, after ``hide_unseen``, in order.

    A paragraph, list item or table row is a block each; a table that only gives a layout is none.
    What stands within a sentence is kept, whatever its tag or class. Line breaks are kept.
    ``left_out`` counts formulas.
    """
    return list(_Walk(root, left_out, Tables()).over())


class _Walk:
    """Collects the text between the elements that part blocks."""

    def __init__(self, root: Any, left_out: Counter[str], tables: Tables) -> None:
        self._root = root
        self._left_out = left_out
        self._tables = tables
        self._runs: list[Run] = []
        self._inside = [root]
        self._levels: list[int] = []
        self._shifts: list[tuple[int, bool]] = [(0, False)]
        self._as_written = self._linking = self._linked = 0

    def over(self) -> Iterator[Shown]:
        from lxml import etree

        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        whole: Any = None  # an element that is taken as one, and not walked through
        for event, element in walk:
            if event == "start":
                found = self._taken_whole(element)
                if found is None:
                    yield from self._begin(element.tag, element)
                    self._add(element.text)
                else:
                    whole = element
                    yield from found
                    walk.skip_subtree()
                continue
            if event == "end" and element is not whole:
                yield from self._finish(element.tag, element)
            if element is not self._root:
                self._add(element.tail)
        yield from self._block()

    def _taken_whole(self, element: Any) -> list[Shown] | None:
        """The blocks of an element that is taken at once, or None for what is walked through."""
        tag = element.tag
        if tag in _SET_APART and tag != "button":
            self._add(_of_picture(element))
            return []
        if tag in UNSEEN:
            return []
        if tag == "math":
            self._left_out[FORMULAS] += 1
            self._add(of_mathml(element))
            return []
        if tag == "table" and element is not self._root and is_data(element):
            return [*self._block(), *self._table(element)]
        return None

    def _begin(self, tag: str, element: Any) -> Iterator[Shown]:
        if tag == "br":
            self._add_raw("\n")
        elif tag == "q":
            inner = (element.text or "").lstrip()
            self._add("" if inner.startswith(_OPENS_QUOTE) else "“")
        elif tag == "rt":
            self._add("(")
        elif tag == "button":
            self._add(" ")
        elif _parts(tag, element):
            yield from self._block()
            self._inside.append(element)
            if tag in _HEADINGS:
                self._levels.append(_HEADINGS[tag])
        elif tag in _FIELDS and _is_apart(element):
            self._add(" ")
        if tag in ("sup", "sub"):
            self._shifts.append((1 if tag == "sup" else -1, _is_note(element)))
        elif tag == "a" and self._shifts[-1][0] == 1:
            self._shifts.append((1, True))
        self._as_written += tag in _AS_WRITTEN
        self._linking += tag in ("a", "button")

    def _finish(self, tag: str, element: Any) -> Iterator[Shown]:
        self._linking -= tag in ("a", "button")
        if tag == "q":
            inner = (element.text or "").lstrip()
            self._add("" if inner.startswith(_OPENS_QUOTE) else "”")
        elif tag == "rt":
            self._add(")")
        elif tag == "button":
            self._add(" ")
        elif tag in ("sup", "sub") or (tag == "a" and self._shifts[-1] == (1, True)):
            if len(self._shifts) > 1:
                self._shifts.pop()
        elif _parts(tag, element):
            yield from self._block()
            if len(self._inside) > 1:
                self._inside.pop()
            if tag in _HEADINGS and self._levels:
                self._levels.pop()
        self._as_written -= tag in _AS_WRITTEN

    def _add(self, text: str | None) -> None:
        if text:
            self._add_raw(text if self._as_written else _WHITE_SPACE.sub(" ", text))

    def _add_raw(self, text: str) -> None:
        self._linked += len(text.strip()) if self._linking else 0
        self._runs.append(Run(text, *self._shifts[-1]))

    def _block(self) -> Iterator[Shown]:
        runs, self._runs = self._runs, []
        linked, self._linked = self._linked, 0
        if not any(run.text.strip() for run in runs):
            return
        level = self._levels[-1] if self._levels else 0
        text = joined(runs)
        if level:
            text = _WHITE_SPACE.sub(" ", text)
        elif not self._as_written:
            text = _SPACES.sub(" ", text)
        shown = "\n".join(map(str.rstrip, text.split("\n"))).strip()
        yield Shown(Block(shown, level), self._inside[-1], linked)

    def _table(self, table: Any) -> Iterator[Shown]:
        for caption in table.iterchildren("caption"):
            yield from _Walk(caption, self._left_out, self._tables).over()
        headed = any(True for head in table.iterchildren("thead") for _ in head.iter("td", "th"))
        rows = [
            [self._cell(cell) for cell in row if cell.tag in ("td", "th")] for row in _rows(table)
        ]
        for block in self._tables.blocks(rows, headed or None):
            yield Shown(block, table)

    def _cell(self, cell: Any) -> GridCell:
        blocks = list(_Walk(cell, self._left_out, self._tables).over())
        text = ""
        for shown in blocks:
            between = ", " if text and shown.element.tag == "li" and text[-1:] not in ":,;" else " "
            text += (between if text else "") + shown.block.text
        return GridCell(
            text, _span_of(cell, "colspan"), _span_of(cell, "rowspan"), cell.tag == "th"
        )


def with_speakers(shown: Sequence[Shown]) -> list[Block]:
    """The blocks, the name under a quotation as a line of the quotation's last paragraph."""
    if not shown or next(shown[0].element.getroottree().iter("blockquote"), None) is None:
        return [one.block for one in shown]
    blocks: list[Block] = []
    quote: Any = None
    for one in shown:
        spoken = _quotation_of(one.element) if blocks and quote is not None else None
        if spoken is not None and spoken is quote and _is_speaker(one) and not blocks[-1].level:
            blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text}\n{one.block.text}")
            quote = None
            continue
        blocks.append(one.block)
        quote = _quotation_of(one.element)
    return blocks


def _quotation_of(element: Any) -> Any:
    """The quotation that an element is in, with its figure if that has one."""
    for above in (element, *element.iterancestors()):
        if above.tag == "blockquote":
            parent = above.getparent()
            return parent if parent is not None and parent.tag == "figure" else above
        if above.tag == "figure":
            return above if above.find(".//blockquote") is not None else None
    return None


def _is_speaker(one: Shown) -> bool:
    short = len(one.block.text) <= LONGEST_SPEAKER and not one.block.level
    cited = one.element.tag in ("footer", "cite", "figcaption") or any(
        above.tag in ("footer", "figcaption") for above in one.element.iterancestors()
    )
    return short and (cited or one.block.text[:1] in "—–―")


def is_data(table: Any) -> bool:
    """Whether a table holds data, and does not only lay out a page."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return False
    marked = next(table.iter("th", "caption", "thead"), None) is not None
    most = MOST_IN_MARKED if marked else MOST_IN_CELL
    for cell in table.iter("td"):
        paragraphs = sum(1 for p in cell.iter("p") if len(_text_of(p)) > LONGEST_VALUE)
        if paragraphs > (3 if marked else 1) or len(_text_of(cell)) > most:
            return False
    return marked or any(len(row) > 1 for row in _rows(table))


MOST_IN_CELL = 500
MOST_IN_MARKED = 5000
LONGEST_VALUE = 60
"""A longer paragraph in a cell is prose."""


def _text_of(element: Any) -> str:
    return "".join(element.itertext())


def _rows(table: Any) -> list[Any]:
    """A table's own rows in the order in which they are shown: the foot last."""
    parts = [part for part in table if part.tag in ("tr", "thead", "tbody", "tfoot")]
    parts.sort(key=lambda part: (part.tag != "thead") + (part.tag == "tfoot"))
    return [row for part in parts for row in ([part] if part.tag == "tr" else part.iter("tr"))]


def _span_of(cell: Any, name: str) -> int:
    said = (cell.get(name) or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _parts(tag: str, element: Any) -> bool:
    if tag in _PARTING or tag in _HEADINGS:
        return True
    style = element.get("style")
    return bool(style) and _BLOCK_STYLE.search(style[:2000]) is not None


def _is_apart(element: Any) -> bool:
    """Whether it is another field than the one right before it, as a date and a time are.

    Pages set such apart by their style sheets. Equal elements may be parts of one number.
    """
    before = element.getprevious()
    if before is None or before.tag not in _FIELDS or (before.tail or "").strip():
        return False
    left, right = _text_of(before), _text_of(element)
    alike = (before.tag, before.get("class")) == (element.tag, element.get("class"))
    if alike and not (_TIME.search(left[-20:]) and _TIME.search(right[:20])):
        return False
    return left[-1:].isdigit() or right[:1].isdigit()


def _is_note(sup: Any) -> bool:
    """Whether what is raised is the mark of a note, by a link in it or around it, or its class."""
    if sup.tag != "sup":
        return False
    parent = sup.getparent()
    around = [sup, *(() if parent is None else (parent,)), *sup.iterdescendants("a", "span")]
    for element in around:
        words = f"{element.get('class') or ''} {element.get('role') or ''} ".lower().split()
        words += (element.get("epub:type") or "").lower().split()
        if not _NOTED.isdisjoint(words) or "doc-noteref" in words:
            return True
        if element.tag == "a" and "#" in (element.get("href") or "") + "#" * (
            element is not parent
        ):
            return True
    return False


def _of_picture(element: Any) -> str:
    """What a picture in a sentence says: a formula or sign by its other text; a drawing's words."""
    if element.tag == "svg":
        words = (_text_of(text) for text in element.iter("text"))
        return f" {' '.join(words)} "
    alt = element.get("alt") or ""
    known = _FORMULA_PICTURE.search(f"{element.get('class') or ''}"[:200])
    return f" {alt} " if alt and known else " "
