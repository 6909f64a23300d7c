"""Small files of every format, made for the tests."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import docx

WORDS = "The ferry leaves at noon."


@dataclass(frozen=True, slots=True)
class Placed:
    """Text on a page of a PDF: from the left and from the bottom, in points."""

    text: str
    x: float = 50
    y: float = 700
    size: float = 10
    bold: bool = False


def lines(texts: Iterable[str], y: float = 700, x: float = 50, size: float = 10) -> list[Placed]:
    """Lines below each other at the usual distance."""
    return [Placed(text, x, y - 12 * number, size) for number, text in enumerate(texts)]


def pdf(*pages: Iterable[Placed], info: str = "", contents: bytes | None = None) -> bytes:
    """A PDF with a page for each of ``pages``; ``contents`` are drawn in place of the last."""
    drawn = [_content(page) for page in pages]
    if contents is not None:
        drawn[-1:] = [contents]
    numbers = range(6, 6 + 2 * len(drawn), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    bodies: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(drawn)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        5: f"<<{info}>>".encode("latin-1"),
    }
    for number, content in zip(numbers, drawn, strict=True):
        bodies[number] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources"
            b"<</Font<</F1 3 0 R/F2 4 0 R>>>>/Contents %d 0 R>>" % (number + 1)
        )
        bodies[number + 1] = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    return assembled(bodies, b"/Root 1 0 R/Info 5 0 R")


def assembled(bodies: Mapping[int, bytes], trailer: bytes) -> bytes:
    """A PDF of numbered objects, with the table of where they are."""
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    for number in sorted(places):
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, trailer, start)
    return bytes(out)


def endless_pdf(forms: int = 40) -> bytes:
    """A PDF of one page whose drawing takes 2 to the power of ``forms`` steps.

    It draws a form twice, which draws another twice, and so on.
    """
    drawing = b"/X Do /X Do"
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        4: b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
    }
    for number in range(5, 5 + forms):
        bodies[number] = (
            b"<</Type/XObject/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>/Length %d>>stream\n"
            b"%s\nendstream" % (number + 1, len(drawing), drawing)
        )
    return assembled(bodies, b"/Root 1 0 R")


def _content(page: Iterable[Placed]) -> bytes:
    drawn = []
    for placed in page:
        text = placed.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if placed.bold else "F1"
        drawn.append(f"BT /{font} {placed.size} Tf {placed.x} {placed.y} Td ({text}) Tj ET")
    return "\n".join(drawn).encode("cp1252")


def document(*paragraphs: tuple[str, str], title: str = "", author: str = "") -> bytes:
    """A DOCX with a paragraph for each text and its style."""
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = title, author
    for text, style in paragraphs:
        made.add_paragraph(text, style or None)
    return saved(made)


def saved(made: "docx.document.Document") -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def archive(members: Mapping[str, bytes | str], deflate: bool = True) -> bytes:
    """A ZIP."""
    stream = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", how) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def page(body: str, head: str = "") -> bytes:
    """An HTML page."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def rss(*items: str) -> bytes:
    """An RSS feed."""
    joined = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{joined}</channel></rss>'.encode()
