"""OpenDocument (ODT, ODS, ODP): text, tables and slides of LibreOffice and others."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.errors import UnreadableFile
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.formulas import of_mathml
from index.ingest.loading.grid import MOST_COLUMNS, GridCell, Tables
from index.ingest.loading.left_out import left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.markup import FORMULAS
from index.ingest.loading.ooxml import check_package, mime_type, parse_xml
from index.ingest.loading.packed import read_member
from index.ingest.loading.scripts import Run, joined
from index.ingest.loading.shown import HIDDEN, STRUCK
from index.ingest.segmenting import has_words
from index.tables import BAR

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, STYLE = (f"{{{_URN}{name}:1.0}}" for name in ("text", "table", "style"))
DRAW, OFFICE = f"{{{_URN}drawing:1.0}}", f"{{{_URN}office:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"

_UNSEEN = {
    TEXT + "tracked-changes",
    TEXT + "note-citation",
    TEXT + "ruby-text-style",
    OFFICE + "annotation",
    OFFICE + "annotation-end",
    OFFICE + "forms",
    f"{{{_URN}presentation:1.0}}notes",
}
DEEPEST = 50


class OpenDocumentLoader:
    """Loads paragraphs, headings, lists, tables, notes and formulas.

    Deleted, hidden and struck text and comments are not taken.
    """

    suffixes = (".odp", ".ods", ".odt")
    media_types = tuple(
        f"application/vnd.oasis.opendocument.{kind}"
        for kind in ("presentation", "spreadsheet", "text")
    )
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def holds(self, archive: zipfile.ZipFile) -> bool:
        """Whether a ZIP is an OpenDocument of these kinds."""
        kind = mime_type(archive).removesuffix("-template")
        return kind in self.media_types and "content.xml" in archive.NameToInfo

    def load(self, file: File, limits: Limits) -> Loaded:
        check_package(file, limits, self.holds, "OpenDocument")
        with refusing(file.name, "OpenDocument"), zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            parts = _Parts(archive, file.name, limits)
            body = _Body(parts)
            draft = draft_of_blocks(body.blocks(), parts.about(), file.name, limits)
            return Loaded.one(draft, left_out_of(body.left_out))


class _Parts:
    """The XML parts of the package."""

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self._archive, self.name, self._limits = archive, name, limits

    def root(self, path: str) -> Any:
        """The root of a part, None if it is not there."""
        member = self._archive.NameToInfo.get(path)
        if member is None:
            return None
        return parse_xml(read_member(self._archive, member, self.name, self._limits))

    def about(self) -> Particulars:
        meta = self.root("meta.xml")
        if meta is None:
            return Particulars()
        said = {
            name: ["".join(one.itertext()) for one in meta.iter("{*}" + name)]
            for name in ("title", "initial-creator", "creator", "keyword")
        }
        author = next(iter(said["initial-creator"] or said["creator"]), "")
        return Particulars(
            title=next(iter(said["title"]), ""), author=author, tags=tuple(said["keyword"])
        )


class _Styles:
    """What styles say of text, inherited too."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles = {
            style.get(STYLE + "name", ""): style
            for root in roots
            if root is not None
            for style in root.iter(STYLE + "style")
        }
        self._known: dict[tuple[str, str], str] = {}

    def value(self, element: Any, attribute: str) -> str:
        """A text property of the element's style, ``""`` when it says nothing."""
        name = element.get(TEXT + "style-name", "")
        if (name, attribute) not in self._known:
            self._known[name, attribute] = self._find(name, attribute)
        return self._known[name, attribute]

    def _find(self, name: str, attribute: str) -> str:
        for _ in range(DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return ""
            for properties in style.iterchildren(STYLE + "text-properties"):
                if properties.get(attribute):
                    return str(properties.get(attribute))
            name = style.get(STYLE + "parent-style-name", "")
        return ""


class _Body:
    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        content = parts.root("content.xml")
        self._root = content.find(OFFICE + "body")
        self._styles = _Styles([parts.root("styles.xml"), content])
        self._tables = Tables()
        self._notes: list[Any] = []
        self.left_out: Counter[str] = Counter()

    def blocks(self) -> Iterator[Block]:
        if self._root is not None:
            yield from self._of(self._root, 0)
        for note in self._notes:
            yield from self._of(note, 0)

    def _of(self, container: Any, depth: int) -> Iterator[Block]:
        if depth > 4 * DEEPEST:
            raise UnreadableFile(
                f"{self._parts.name!r} has parts nested more than {4 * DEEPEST} deep: lay it out "
                "flat",
                field="file",
            )
        for element in container:
            tag = element.tag
            if not isinstance(tag, str) or tag in _UNSEEN:
                continue
            if tag in (TEXT + "p", TEXT + "h"):
                frames: list[Any] = []
                text = self._text(element, frames)
                level = element.get(TEXT + "outline-level", "1") if tag == TEXT + "h" else "0"
                yield Block(text, int(level) if level.isdigit() else 1)
                for frame in frames:
                    yield from self._of(frame, depth + 1)
            elif tag == TABLE + "table":
                if element.get(TABLE + "display") != "false":
                    yield from self._table(element, depth)
            elif tag == TEXT + "section" and element.get(TEXT + "display") == "none":
                self.left_out[HIDDEN] += 1
            else:
                yield from self._of(element, depth + 1)

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        if self._root.find(OFFICE + "spreadsheet") is not None:
            yield Block(table.get(TABLE + "name", ""), level=1)
        headed = table.find(TABLE + "table-header-rows") is not None
        run: list[list[GridCell]] = []
        for row in table.iter(TABLE + "table-row"):
            if next(row.iterancestors(TABLE + "table")) is not table:
                continue
            if row.get(TABLE + "visibility", "visible") != "visible":
                self.left_out[HIDDEN] += 1
                continue
            cells = list(self._cells(row, depth + 1))
            if any(cell.text for cell in cells):
                run.append(cells)
            elif run:
                yield from self._tables.blocks(run, headed or None)
                run, headed = [], False
        yield from self._tables.blocks(run, headed or None)

    def _cells(self, row: Any, depth: int) -> Iterator[GridCell]:
        made = 0
        for cell in row:
            if cell.tag == TABLE + "covered-table-cell":
                continue
            if cell.tag != TABLE + "table-cell":
                continue
            text = " ".join(self._shown(cell, depth))
            columns = _count(cell, "number-columns-spanned")
            rows = _count(cell, "number-rows-spanned")
            for _ in range(min(_count(cell, "number-columns-repeated"), MOST_COLUMNS - made)):
                made += 1
                yield GridCell(text, columns, rows)

    def _shown(self, cell: Any, depth: int) -> Iterator[str]:
        for block in self._of(cell, depth):
            if block.text.strip():
                yield ", ".join(filter(None, (part.strip() for part in block.text.split(BAR))))

    def _text(self, paragraph: Any, frames: list[Any]) -> str:
        from lxml import etree

        if self._is_hidden(paragraph):
            return ""
        runs: list[Run] = []
        shifts = [0]
        walk = etree.iterwalk(paragraph, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if self._is_aside(element, frames) and element is not paragraph:
                    walk.skip_subtree()
                    continue
                if tag == TEXT + "span":
                    shifts.append(self._shift(element) or shifts[-1])
                runs.append(Run(_SIGNS.get(tag, ""), shifts[-1]))
                if tag == TEXT + "s":
                    runs.append(Run(" " * min(_count(element, "c", TEXT), 100)))
                if tag == DRAW + "object":
                    runs.append(Run(self._formula(element)))
                if tag == TEXT + "ruby-text":
                    runs.append(Run("("))
                runs.append(Run(element.text or "", shifts[-1]))
                continue
            if tag == TEXT + "span" and len(shifts) > 1 and not self._is_hidden(element):
                shifts.pop()
            if tag == TEXT + "ruby-text":
                runs.append(Run(")"))
            if element is not paragraph:
                runs.append(Run(element.tail or "", shifts[-1]))
        return joined(runs)

    def _is_aside(self, element: Any, frames: list[Any]) -> bool:
        tag = element.tag
        if tag == TEXT + "note":
            self._notes += element.findall(TEXT + "note-body")
            return True
        if tag == DRAW + "text-box":
            frames.append(element)
            return True
        if tag in _UNSEEN or tag in (TEXT + "hidden-text", TEXT + "hidden-paragraph"):
            return True
        return tag == TEXT + "span" and self._is_hidden(element)

    def _is_hidden(self, element: Any) -> bool:
        struck = self._styles.value(element, STYLE + "text-line-through-style")
        hidden = self._styles.value(element, TEXT + "display") == "none"
        if hidden or struck not in ("", "none"):
            self.left_out[HIDDEN if hidden else STRUCK] += has_words("".join(element.itertext()))
            return True
        return False

    def _shift(self, span: Any) -> int:
        position = self._styles.value(span, STYLE + "text-position").split(" ")[0]
        if position.startswith("super") or (position[:1].isdigit() and position != "0%"):
            return 1
        return -1 if position.startswith(("sub", "-")) else 0

    def _formula(self, element: Any) -> str:
        path = element.get(XLINK + "href", "").removeprefix("./")
        root = self._parts.root(f"{path}/content.xml") if path else None
        maths = [] if root is None else list(root.iter("{*}math"))
        if not maths:
            return ""
        self.left_out[FORMULAS] += 1
        return of_mathml(maths[0])


_SIGNS = {TEXT + "tab": "\t", TEXT + "line-break": "\n"}


def _count(element: Any, name: str, namespace: str = TABLE) -> int:
    said = element.get(namespace + name, "1")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 8 else 1
