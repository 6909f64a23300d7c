"""DOCX: the body of a word processor's document."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableFile
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.formulas import M, of_omml
from index.ingest.loading.grid import MOST_COLUMNS, GridCell, Tables
from index.ingest.loading.left_out import left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.markup import FORMULAS, LONGEST_VALUE
from index.ingest.loading.ooxml import check_package, holds_part, parse_xml
from index.ingest.loading.scripts import Run, joined
from index.ingest.loading.shown import HIDDEN, STRUCK
from index.ingest.loading.symbols import UNKNOWN, in_font, symbol
from index.ingest.loading.word_styles import Numberings, Styles, W, is_true, style_of
from index.ingest.segmenting import has_words
from index.tables import BAR

if TYPE_CHECKING:
    from docx.document import Document

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

DEEPEST = 50
"""As deep as tables and text boxes may lie in each other."""

_CONTAINERS = {W + tag for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "body")}
_STRUCK = {W + "del", W + "moveFrom"}
_UNSEEN = {W + tag for tag in ("instrText", "pPr", "rPr", "rubyPr", "sdtPr")} | {MC + "Fallback"}
_UNSEEN |= _STRUCK
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "\u2011",
}
_SHIFTS = {"superscript": 1, "subscript": -1}
LEAST_SHIFT = 2.0
"""Points by which a run is raised or lowered to count as such."""
LONGEST_DROP_CAP = 3
UNREADABLE = "symbols that could not be read, marked"
RUNNING = "headers and footers of pages left out"
_KEYWORDS_APART = re.compile(r"[,;]")


class DocxLoader:
    """Loads paragraphs, list items and table rows, with headings by their style.

    Inserted text counts, deleted, struck and hidden text does not. Footnotes and endnotes stand
    after the text. Headers, footers and comments are not taken. Title, author and keywords are
    from the document's properties.
    """

    suffixes = (".docx",)
    media_types = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def holds(self, archive: zipfile.ZipFile) -> bool:
        """Whether a ZIP is a DOCX: it says what its parts are, and has a document."""
        return holds_part(archive, "word/document")

    def load(self, file: File, limits: Limits) -> Loaded:
        check_package(file, limits, self.holds, "DOCX")
        with refusing(file.name, "DOCX"):
            import docx

            document = docx.Document(io.BytesIO(file.data))
            body = _Body(document, file.name)
            draft = draft_of_blocks(body.blocks(), _particulars(document), file.name, limits)
            return Loaded.one(draft, left_out_of(body.left_out))


class _Body:
    """Walks through a document in its order."""

    def __init__(self, document: "Document", name: str) -> None:
        self._body = document.element.body
        self._styles = Styles(document.styles.element)
        self._numberings = Numberings(_numbering_root(document))
        self._tables = Tables()
        self._name = name
        self._notes = _notes_of(document)
        self.left_out: Counter[str] = Counter(_running(document))

    def blocks(self) -> Iterator[Block]:
        yield from self._of(self._body, 0)
        for note in self._notes:
            yield from self._of(note, 0)

    def _of(self, container: Any, depth: int) -> Iterator[Block]:
        """The blocks of a part's paragraphs, those joined whose mark between them is deleted."""
        if depth > DEEPEST:
            raise UnreadableFile(
                f"{self._name!r} has parts nested more than {DEEPEST} deep: lay it out flat",
                field="file",
            )
        before = ""  # of a drop cap, or of a paragraph whose end is deleted
        for element in container:
            if element.tag == W + "p":
                text, level, boxes, goes_on = self._paragraph(element)
                before += text
                if goes_on:
                    continue
                yield Block(before, level)
                before = ""
                for box in boxes:
                    yield from self._of(box, depth + 1)
                continue
            if before and element.tag in (W + "tbl", W + "sdt"):
                yield Block(before)
                before = ""
            if element.tag == W + "tbl":
                yield from self._table(element, depth)
            elif element.tag in _CONTAINERS:
                yield from self._of(element, depth + 1)
        if before:
            yield Block(before)

    def _paragraph(self, element: Any) -> tuple[str, int, list[Any], bool]:
        """The text, the heading's level, the boxes, and whether it goes on in the next."""
        line = _Line(element, self._styles, self.left_out)
        text = line.text()
        numbered = self._styles.numbering(element)
        label = "" if numbered is None or not text.strip() else self._numberings.label(numbered)
        frame = element.find(f"{W}pPr/{W}framePr")
        drops = frame is not None and frame.get(W + "dropCap", "none") != "none"
        ended = element.find(f"{W}pPr/{W}rPr/{W}del") is None
        goes_on = not ended or (drops and len(text.strip()) <= LONGEST_DROP_CAP)
        return (
            f"{label} {text}" if label else text,
            self._styles.heading_level(element),
            line.boxes,
            goes_on,
        )

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        rows = [row for row in _own(table, "tr") if not self._is_deleted(row)]
        if self._is_layout(rows):
            for row in rows:
                for cell in _own(row, "tc"):
                    yield from self._of(cell, depth + 1)
            return
        headed = bool(rows) and is_true(rows[0].find(f"{W}trPr/{W}tblHeader"))
        grid = [list(self._cells(row, depth + 1)) for row in rows]
        yield from self._tables.blocks(grid, headed or None)

    def _is_deleted(self, row: Any) -> bool:
        deleted = row.find(f"{W}trPr/{W}del") is not None
        self.left_out[STRUCK] += deleted
        return deleted

    def _is_layout(self, rows: list[Any]) -> bool:
        """Whether cells hold prose: several long paragraphs, or headings."""
        for row in rows:
            for cell in _own(row, "tc"):
                paragraphs = cell.findall(W + "p")
                long = sum(
                    len("".join(t.text or "" for t in p.iter(W + "t"))) > LONGEST_VALUE
                    for p in paragraphs
                )
                headed = any(map(self._styles.heading_level, paragraphs)) and len(paragraphs) > 1
                if long > 1 or headed:
                    return True
        return False

    def _cells(self, row: Any, depth: int) -> Iterator[GridCell]:
        for _ in range(min(MOST_COLUMNS, _count(row.find(f"{W}trPr/{W}gridBefore"), 0))):
            yield GridCell("")
        for cell in _own(row, "tc"):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(W + "val", "continue") == "continue"
            texts = () if goes_on else self._shown(cell, depth)
            columns = _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
            yield GridCell(" ".join(texts), columns)

    def _shown(self, cell: Any, depth: int) -> Iterator[str]:
        for block in self._of(cell, depth):
            if block.text.strip():
                yield ", ".join(filter(None, (part.strip() for part in block.text.split(BAR))))


class _Line:
    """What a paragraph shows, and the text boxes that hang on it."""

    def __init__(self, paragraph: Any, styles: Styles, left_out: Counter[str]) -> None:
        self._paragraph = paragraph
        self._styles = styles
        self._style = style_of(paragraph)
        self._left_out = left_out
        self._runs: list[Run] = []
        self._fields: list[bool] = []  # of each field that is open: whether its result is reached
        self.boxes: list[Any] = []

    def text(self) -> str:
        from lxml import etree

        walk = etree.iterwalk(self._paragraph, events=("start",))
        for _, element in walk:
            if self._begin(element):
                walk.skip_subtree()
        return joined(self._runs)

    def _begin(self, element: Any) -> bool:
        """Take what the element shows; whether all that is in it is done with."""
        tag = element.tag
        if tag in _STRUCK:
            self._left_out[STRUCK] += 1
        if tag in _UNSEEN:
            return True
        if tag == W + "txbxContent":
            self.boxes.append(element)
            return True
        if tag == M + "oMath":
            self._left_out[FORMULAS] += 1
            self._add(of_omml(element))
            return True
        if tag == W + "r":
            return self._run(element)
        if tag == W + "ruby":
            reading = "".join(
                t.text or "" for rt in element.iter(W + "rt") for t in rt.iter(W + "t")
            )
            bases = element.iter(W + "rubyBase")
            base = "".join(t.text or "" for one in bases for t in one.iter(W + "t"))
            self._add(f"{base}({reading})" if reading else base)
            return True
        return False

    def _run(self, run: Any) -> bool:
        """Whether the run is done with: one that holds other paragraphs or ruby is not."""
        for kind in run.iterchildren(W + "fldChar"):
            self._field(kind.get(W + "fldCharType"))
        if run.find(W + "fldChar") is not None and run.find(W + "t") is None:
            return run.find(W + "ruby") is None
        unseen, shift, font, note = self._look(run)
        if unseen:
            self._left_out[unseen] += _has_text(run)
            return True
        deeper = False
        for child in run:
            if child.tag == W + "t":
                self._add(in_font(child.text or "", font), shift, note)
            elif child.tag == W + "sym":
                self._symbol(child, shift)
            elif child.tag in _SIGNS:
                self._add(_SIGNS[child.tag])
            elif child.tag not in _UNSEEN:
                deeper = deeper or len(child) > 0
        return not deeper

    def _look(self, run: Any) -> tuple[str, int, str, bool]:
        """Why the run is not shown or ``""``, its shift, its font, and if it is a note's mark."""
        properties = run.find(W + "rPr")
        bare = properties is None or len(properties) == 0
        if bare and self._style in self._styles.looks:
            return self._styles.looks[self._style]
        styles, paragraph = self._styles, self._paragraph
        unseen = HIDDEN if styles.is_on(run, paragraph, "vanish") else ""
        if styles.is_on(run, paragraph, "strike") or styles.is_on(run, paragraph, "dstrike"):
            unseen = unseen or STRUCK
        shift = self._shift(run)
        font = _font_of(styles.property(run, paragraph, "rFonts"))
        look = (unseen, shift, font, shift > 0 and styles.is_note_mark(run))
        if bare:
            styles.looks[self._style] = look
        return look

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _shift(self, run: Any) -> int:
        said = self._styles.property(run, self._paragraph, "vertAlign")
        if said is not None:
            return _SHIFTS.get(said.get(W + "val", ""), 0)
        moved = self._styles.property(run, self._paragraph, "position")
        by = "0" if moved is None else moved.get(W + "val", "0")
        try:
            points = int(by) / 2
        except ValueError:
            return 0
        return 1 if points >= LEAST_SHIFT else -1 if points <= -LEAST_SHIFT else 0

    def _symbol(self, element: Any, shift: int) -> None:
        try:
            code = int(element.get(W + "char", ""), 16)
        except ValueError:
            code = -1
        sign = symbol(code, element.get(W + "font", "")) if code > 0 else UNKNOWN
        self._left_out[UNREADABLE] += sign == UNKNOWN
        self._add(sign, shift)

    def _add(self, text: str, shift: int = 0, note: bool = False) -> None:
        if text and all(self._fields):
            self._runs.append(Run(text, shift, note))


def _own(element: Any, name: str) -> Iterator[Any]:
    """The rows or cells of a table's part itself, not of tables in it, those in controls too."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in _CONTAINERS:
            yield from _own(child, name)


def _numbering_root(document: "Document") -> Any:
    from docx.opc.constants import RELATIONSHIP_TYPE

    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return relation.target_part.element
    return None


def _notes_of(document: "Document") -> list[Any]:
    """The footnotes and endnotes that the text refers to, in its order."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    found: list[Any] = []
    for relation, kind in (
        (RELATIONSHIP_TYPE.FOOTNOTES, "footnote"),
        (RELATIONSHIP_TYPE.ENDNOTES, "endnote"),
    ):
        parts = [
            rel.target_part
            for rel in document.part.rels.values()
            if rel.reltype == relation and not rel.is_external
        ]
        if parts:
            notes = {note.get(W + "id"): note for note in parse_xml(parts[0].blob).iter(W + kind)}
            marks = document.element.body.iter(f"{W}{kind}Reference")
            said = dict.fromkeys(mark.get(W + "id") for mark in marks)
            found += [notes[name] for name in said if name in notes]
    return found


def _running(document: "Document") -> dict[str, int]:
    """The headers and footers of pages, which are not taken."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parts = [
        rel.target_part
        for rel in document.part.rels.values()
        if rel.reltype in kinds and not rel.is_external
    ]
    texts = ["".join(t.text or "" for t in part.element.iter(W + "t")) for part in parts]
    return {RUNNING: sum(map(has_words, texts))}


def _has_text(run: Any) -> bool:
    return has_words("".join(t.text or "" for t in run.iter(W + "t")))


def _font_of(fonts: Any) -> str:
    return "" if fonts is None else fonts.get(W + "ascii", "") or fonts.get(W + "hAnsi", "")


def _count(element: Any, default: int) -> int:
    said = "" if element is None else element.get(W + "val", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else default


def _particulars(document: "Document") -> Particulars:
    properties = document.core_properties
    author = properties.author or ""
    return Particulars(
        title=properties.title or "",
        author="" if author == "python-docx" else author,
        tags=tuple(_KEYWORDS_APART.split(properties.keywords or "")),
    )
