"""DOCX: the body of a word processor's document."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableFile
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.packed import check_ratio, open_archive

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

DEEPEST = 50
"""As deep as tables and text boxes may lie in each other."""

_CONTAINERS = {W + tag for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "body")}
_UNSEEN = {W + tag for tag in ("del", "moveFrom", "instrText", "pPr", "rPr")} | {MC + "Fallback"}
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "\u2011"}
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_KEYWORDS_APART = re.compile(r"[,;]")


class DocxLoader:
    """Loads paragraphs, list items and table rows, with headings by their style.

    Inserted text counts, deleted text does not. Headers, footers, footnotes and comments are not
    taken. Title, author and keywords are from the document's properties.
    """

    suffixes = (".docx",)
    media_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def load(self, file: File, limits: Limits) -> Loaded:
        _check_archive(file, limits)
        with refusing(file.name, "DOCX"):
            import docx

            document = docx.Document(io.BytesIO(file.data))
            blocks = _Body(document, file.name).blocks()
            about = _particulars(document)
            return Loaded.one(draft_of_blocks(blocks, about, file.name, limits))


def is_docx(archive: zipfile.ZipFile) -> bool:
    """Whether a ZIP is a DOCX: it says what its parts are, and has a document."""
    names = archive.NameToInfo
    return "[Content_Types].xml" in names and any(
        name.startswith("word/document") and name.endswith(".xml") for name in names
    )


def _check_archive(file: File, limits: Limits) -> None:
    """Raises ``UnreadableFile`` or ``LimitExceeded`` before anything is unpacked."""
    with open_archive(file.data, file.name) as archive:
        members = archive.infolist()
        if not is_docx(archive):
            raise UnreadableFile(
                f"{file.name!r} is no DOCX: save it as one, or give it the name of its format",
                field="file",
            )
    limits.check("max_archive_members", len(members), file.name, "parts")
    size = sum(member.file_size for member in members)
    limits.check("max_unpacked_bytes", size, file.name, "bytes when unpacked")
    for member in members:
        check_ratio(member, file.name, limits)


class _Body:
    """Walks through a document in its order."""

    def __init__(self, document: "Document", name: str) -> None:
        self._body = document.element.body
        self._levels = _heading_levels(document)
        self._name = name

    def blocks(self) -> Iterator[Block]:
        return self._of(self._body, 0)

    def _of(self, container: Any, depth: int) -> Iterator[Block]:
        if depth > DEEPEST:
            raise UnreadableFile(
                f"{self._name!r} has parts nested more than {DEEPEST} deep: lay it out flat",
                field="file",
            )
        for element in container:
            if element.tag == W + "p":
                yield from self._paragraph(element, depth)
            elif element.tag == W + "tbl":
                yield from self._rows(element, depth)
            elif element.tag in _CONTAINERS:
                yield from self._of(element, depth + 1)

    def _paragraph(self, element: Any, depth: int) -> Iterator[Block]:
        text, boxes = _text(element)
        yield Block(text, self._levels.get(_style_of(element), 0) or _outline(element))
        for box in boxes:
            yield from self._of(box, depth + 1)

    def _rows(self, table: Any, depth: int) -> Iterator[Block]:
        for row in table.iter(W + "tr"):
            if next(row.iterancestors(W + "tbl")) is not table:
                continue  # of a table in a cell, which is taken with the cell
            cells = [
                cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row
            ]
            texts = [" ".join(self._shown(cell, depth + 1)) for cell in cells]
            yield Block(" | ".join(text for text in texts if text))

    def _shown(self, cell: Any, depth: int) -> Iterator[str]:
        for block in self._of(cell, depth):
            yield from block.text.split("\n") if block.text.strip() else ()


def _text(paragraph: Any) -> tuple[str, list[Any]]:
    """The paragraph's own text, and the text boxes that hang on it."""
    from lxml import etree

    pieces: list[str] = []
    boxes: list[Any] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _UNSEEN or element.tag == W + "txbxContent":
            walk.skip_subtree()
        if element.tag == W + "txbxContent":
            boxes.append(element)
        elif element.tag == W + "t":
            pieces.append(element.text or "")
        else:
            pieces.append(_SIGNS.get(element.tag, ""))
    return "".join(pieces), boxes


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(W + "val", "")


def _outline(element: Any) -> int:
    """The heading's level that a paragraph or style gives itself, 0 for body text."""
    found = element.find(f"{W}pPr/{W}outlineLvl")
    level = "" if found is None else found.get(W + "val", "")
    return int(level) + 1 if level in "012345678" and level else 0


def _heading_levels(document: "Document") -> dict[str, int]:
    """The levels of the styles that are headings, by their ids."""
    levels: dict[str, int] = {}
    for style in document.styles.element.iter(W + "style"):
        found = style.find(W + "name")
        name = "" if found is None else found.get(W + "val", "")
        numbered = _HEADING.fullmatch(name.strip())
        level = int(numbered[1]) if numbered else _outline(style)
        levels[style.get(W + "styleId", "")] = 1 if name.lower() == "title" else level
    return levels


def _particulars(document: "Document") -> Particulars:
    properties = document.core_properties
    return Particulars(
        title=properties.title or "",
        author=properties.author or "",
        tags=tuple(_KEYWORDS_APART.split(properties.keywords or "")),
    )
