"""PPTX: the slides of a presentation, each with its title as a heading."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.formulas import M, of_omml
from index.ingest.loading.grid import GridCell, Tables
from index.ingest.loading.left_out import left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.markup import FORMULAS
from index.ingest.loading.ooxml import check_package, holds_part
from index.ingest.loading.scripts import Run, joined
from index.ingest.loading.shown import HIDDEN, STRUCK
from index.ingest.segmenting import has_words

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

HIDDEN_SLIDES = "hidden slides left out"
NOTES = "speaker's notes left out"
DRAWINGS = "charts and diagrams left out"
DEEPEST = 30


class PptxLoader:
    """Loads the text of every slide that is shown, in the order of its shapes, and its tables.

    A paragraph's page is the number of its slide.
    """

    suffixes = (".pptx",)
    media_types = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def holds(self, archive: zipfile.ZipFile) -> bool:
        """Whether a ZIP is a PPTX."""
        return holds_part(archive, "ppt/presentation")

    def load(self, file: File, limits: Limits) -> Loaded:
        check_package(file, limits, self.holds, "PPTX")
        with refusing(file.name, "PPTX"):
            import pptx

            presentation = pptx.Presentation(io.BytesIO(file.data))
            slides = _Slides(presentation)
            properties = presentation.core_properties
            title = properties.title or ""
            about = Particulars(
                title="" if title == "PowerPoint Presentation" else title,
                author=properties.author or "",
                tags=tuple((properties.keywords or "").replace(";", ",").split(",")),
            )
            draft = draft_of_blocks(slides.blocks(), about, file.name, limits)
            return Loaded.one(draft, left_out_of(slides.left_out))


class _Slides:
    def __init__(self, presentation: Any) -> None:
        self._slides = presentation.slides
        self._tables = Tables()
        self.left_out: Counter[str] = Counter()

    def blocks(self) -> Iterator[Block]:
        for number, slide in enumerate(self._slides, start=1):
            if slide.element.get("show") in ("0", "false"):
                self.left_out[HIDDEN_SLIDES] += 1
                continue
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                self.left_out[NOTES] += has_words(slide.notes_slide.notes_text_frame.text)
            title = slide.shapes.title
            if title is not None:
                shown = " ".join(self._paragraphs(title.text_frame))
                yield Block(shown, level=1, page=number)
            for shape in slide.shapes:
                if title is None or shape.shape_id != title.shape_id:
                    yield from self._shape(shape, number, 0)

    def _shape(self, shape: Any, page: int, depth: int) -> Iterator[Block]:
        hidden = any(one.get("hidden") in ("1", "true") for one in _properties(shape))
        if hidden or depth > DEEPEST:
            self.left_out[HIDDEN] += 1
        elif shape.shape_type is not None and hasattr(shape, "shapes"):
            for inner in shape.shapes:
                yield from self._shape(inner, page, depth + 1)
        elif getattr(shape, "has_table", False):
            yield from self._tables.blocks(self._rows(shape.table), shape.table.first_row, page)
        elif shape.has_text_frame:
            for text in self._paragraphs(shape.text_frame):
                yield Block(text, page=page)
        elif shape.element.tag.endswith("graphicFrame"):
            self.left_out[DRAWINGS] += 1

    def _rows(self, table: Any) -> Iterator[list[GridCell]]:
        for row in table.rows:
            yield [
                GridCell(
                    " ".join(self._paragraphs(cell.text_frame)),
                    cell.span_width if cell.is_merge_origin else 1,
                )
                if not cell.is_spanned
                else GridCell("")
                for cell in row.cells
                if not (cell.is_spanned and cell._tc.hMerge)
            ]

    def _paragraphs(self, frame: Any) -> Iterator[str]:
        for paragraph in frame.paragraphs:
            text = self._text(paragraph._p)
            if text.strip():
                yield text

    def _text(self, paragraph: Any) -> str:
        from lxml import etree

        runs: list[Run] = []
        walk = etree.iterwalk(paragraph, events=("start",))
        for _, element in walk:
            if element.tag == A + "br":
                runs.append(Run("\n"))
            elif element.tag == M + "oMath":
                self.left_out[FORMULAS] += 1
                runs.append(Run(of_omml(element)))
                walk.skip_subtree()
            elif str(element.tag).endswith("}Fallback"):
                walk.skip_subtree()
            elif element.tag == A + "t":
                runs += self._run(element)
        return joined(runs)

    def _run(self, text: Any) -> list[Run]:
        properties = text.getparent().find(A + "rPr")
        get = {}.get if properties is None else properties.get
        if (get("strike") or "noStrike") != "noStrike":
            self.left_out[STRUCK] += 1
            return []
        raised = get("baseline") or "0"
        by = int(raised) if raised.lstrip("-").isdigit() else 0
        return [Run(text.text or "", (by > 0) - (by < 0))]


def _properties(shape: Any) -> Iterator[Any]:
    for part in shape.element:
        if str(part.tag).rpartition("}")[2].startswith("nv"):
            yield from (one for one in part if str(one.tag).endswith("}cNvPr"))
