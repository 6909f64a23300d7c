"""Documents of known words, written by each format's own library, to load and compare.

Every word is another one, so that what is lost, glued, doubled or out of order shows.
"""

import html
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from pptx.util import Inches

SHOWN = ("plain", "bold", "italic", "link", "time", "classed", "quoted", "code", "label")
UNSEEN = ("struck", "hidden")


@dataclass(frozen=True, slots=True)
class Text:
    """Runs of words, each in a manner of ``SHOWN`` or ``UNSEEN``."""

    runs: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> list[str]:
        return [word for manner, words in self.runs if manner in SHOWN for word in words.split()]

    @property
    def unseen(self) -> list[str]:
        return [word for manner, words in self.runs if manner in UNSEEN for word in words.split()]


@dataclass(frozen=True, slots=True)
class Part:
    """A ``paragraph``, ``heading`` or ``item`` of one text, or a ``table`` of rows of texts."""

    kind: str
    texts: tuple[Text, ...] = ()
    columns: int = 1

    @property
    def rows(self) -> list[tuple[Text, ...]]:
        return [
            self.texts[start : start + self.columns]
            for start in range(0, len(self.texts), self.columns)
        ]


Document = Sequence[Part]


def shown_words(document: Document) -> list[str]:
    return [word for part in document for text in part.texts for word in text.shown]


def unseen_words(document: Document) -> list[str]:
    return [word for part in document for text in part.texts for word in text.unseen]


_HTML = {
    "plain": "{}",
    "bold": "<b>{}</b>",
    "italic": "<em>{}</em>",
    "link": "<a href='/x'>{}</a>",
    "time": "<time datetime='2026-01-17'>{}</time>",
    "classed": "<span class='share meta'>{}</span>",
    "quoted": "<q>{}</q>",
    "code": "<code>{}</code>",
    "label": "<label>{}</label>",
    "struck": "<del>{}</del>",
    "hidden": "<span hidden>{}</span>",
}


def _html_text(text: Text) -> str:
    return " ".join(_HTML[manner].format(html.escape(words)) for manner, words in text.runs)


def _html_part(part: Part) -> str:
    if part.kind == "table":
        rows = (
            "<tr>" + "".join(f"<td>{_html_text(text)}</td>" for text in row) + "</tr>"
            for row in part.rows
        )
        return f"<table><caption></caption>{''.join(rows)}</table>"
    tag = {"paragraph": "p", "heading": "h2", "item": "li"}[part.kind]
    return f"<{tag}>{_html_text(part.texts[0])}</{tag}>"


def body_of(document: Document) -> str:
    return "".join(map(_html_part, document))


def as_html(document: Document) -> bytes:
    return (
        f"<!DOCTYPE html><html><body><article>{body_of(document)}</article></body></html>".encode()
    )


_DOCX = {
    "bold": "<w:b/>",
    "italic": "<w:i/>",
    "struck": "<w:strike/>",
    "hidden": "<w:vanish/>",
    "code": "<w:rFonts w:ascii='Courier New'/>",
}


def _docx_runs(text: Text) -> str:
    return "".join(
        f"<w:r><w:rPr>{_DOCX.get(manner, '')}</w:rPr>"
        f"<w:t xml:space='preserve'>{escape(words)} </w:t></w:r>"
        for manner, words in text.runs
    )


def as_docx(document: Document) -> bytes:
    made = docx.Document()
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = made.element.body
    styles = {"heading": "Heading2", "item": "ListBullet", "paragraph": "Normal"}
    for place, part in enumerate(document):
        if part.kind == "table":
            rows = "".join(
                "<w:tr>"
                + "".join(f"<w:tc><w:p>{_docx_runs(text)}</w:p></w:tc>" for text in row)
                + "</w:tr>"
                for row in part.rows
            )
            xml = f"<w:tbl {namespace}><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"
        else:
            style = f"<w:pPr><w:pStyle w:val='{styles[part.kind]}'/></w:pPr>"
            xml = f"<w:p {namespace}>{style}{_docx_runs(part.texts[0])}</w:p>"
        body.insert(place, parse_xml(xml))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def as_pptx(document: Document) -> bytes:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    for part in document:
        if part.kind == "table":
            rows = part.rows
            table = slide.shapes.add_table(
                len(rows), part.columns, Inches(1), Inches(1), Inches(4), Inches(2)
            ).table
            for i, row in enumerate(rows):
                for j, text in enumerate(row):
                    table.cell(i, j).text = " ".join(text.shown)
            continue
        frame = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame
        for manner, words in part.texts[0].runs:
            if manner == "hidden":
                continue
            run = frame.paragraphs[0].add_run()
            run.text = f"{words} "
            if manner == "struck":
                run._r.get_or_add_rPr().set("strike", "sngStrike")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def as_xlsx(document: Document) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "Sheet"
    hidden = made.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    line = 1
    for part in document:
        for row in part.rows:
            for column, text in enumerate(row, start=1):
                sheet.cell(line, column, " ".join(text.shown) or None)
                hidden.cell(line, column, " ".join(text.unseen) or None)
            line += 1
        line += 1
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def as_epub(document: Document) -> bytes:
    container = "<container><rootfiles><rootfile full-path='o/c.opf'/></rootfiles></container>"
    items = "".join(
        f"<item id='{n}' href='c{n}.xhtml' media-type='application/xhtml+xml'/>"
        for n in range(len(document))
    )
    spine = "".join(f"<itemref idref='{n}'/>" for n in range(len(document)))
    package = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    members["o/c.opf"] = package
    for number, part in enumerate(document):
        members[f"o/c{number}.xhtml"] = f"<html><body>{_html_part(part)}</body></html>"
    return _packed(members)


_ODT = (
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
)


def _odt_text(text: Text, tag: str = "p") -> str:
    runs = "".join(
        f'<text:span text:style-name="{manner}">{escape(words)}</text:span><text:s/>'
        for manner, words in text.runs
    )
    return f"<text:{tag}>{runs}</text:{tag}>"


def as_odt(document: Document) -> bytes:
    office, text, table, style = _ODT
    parts = []
    for part in document:
        if part.kind == "table":
            rows = "".join(
                "<table:table-row>"
                + "".join(f"<table:table-cell>{_odt_text(one)}</table:table-cell>" for one in row)
                + "</table:table-row>"
                for row in part.rows
            )
            parts.append(f"<table:table>{rows}</table:table>")
        else:
            parts.append(_odt_text(part.texts[0], "h" if part.kind == "heading" else "p"))
    styles = (
        '<style:style style:name="struck" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="hidden" style:family="text"><style:text-properties '
        'text:display="none"/></style:style>'
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}" '
        f'xmlns:table="{table}" xmlns:style="{style}"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:text>{''.join(parts)}</office:text>"
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return _packed({"mimetype": kind, "content.xml": content})


def _packed(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def as_pdf(document: Document) -> bytes:
    """As a word processor prints it: wrapped lines, tables with their cells apart."""
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(600, 800))
    y = 760
    for part in document:
        size = 16 if part.kind == "heading" else 10
        y -= 14
        for row in part.rows:
            lines = _wrapped(" ".join(row[0].shown), 80) if part.kind != "table" else [""]
            for line in lines:
                if y < 60:
                    canvas.showPage()
                    y = 760
                canvas.setFont("Helvetica", size)
                y -= round(1.25 * size)
                for column, text in enumerate(row if part.kind == "table" else ()):
                    canvas.drawString(50 + 130 * column, y, " ".join(text.shown))
                canvas.drawString(50, y, line)
    canvas.save()
    return stream.getvalue()


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def as_markdown(document: Document) -> bytes:
    marks = {"bold": "**{}**", "italic": "*{}*", "code": "`{}`", "link": "[{}](/x)"}
    pieces: list[str] = []
    for part in document:
        texts = [
            " ".join(
                marks.get(manner, "{}").format(words)
                for manner, words in text.runs
                if manner in SHOWN
            )
            for text in part.texts
        ]
        if part.kind == "table":
            head = "|" + " |" * part.columns + "\n|" + "---|" * part.columns
            rows = [
                "| " + " | ".join(texts[start : start + part.columns]) + " |"
                for start in range(0, len(texts), part.columns)
            ]
            pieces.append("\n".join([head, *rows]))
        else:
            before = {"heading": "## ", "item": "- ", "paragraph": ""}[part.kind]
            pieces.append(before + texts[0])
    return "\n\n".join(pieces).encode()


def as_text(document: Document) -> bytes:
    return "\n\n".join(
        " ".join(word for text in row for word in text.shown)
        for part in document
        for row in part.rows
    ).encode()


def as_json(document: Document) -> bytes:
    return json.dumps({"text": as_text(document).decode()}).encode()


def as_feed(document: Document) -> bytes:
    return (
        "<rss version='2.0'><channel><title>F</title><item><title>T</title><description>"
        f"{escape(body_of(document))}</description></item></channel></rss>"
    ).encode()


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "a.html": as_html,
    "a.docx": as_docx,
    "a.pptx": as_pptx,
    "a.xlsx": as_xlsx,
    "a.epub": as_epub,
    "a.odt": as_odt,
    "a.pdf": as_pdf,
    "a.md": as_markdown,
    "a.txt": as_text,
    "a.json": as_json,
    "a.xml": as_feed,
}
"""By a file's name what writes a document in its format."""
