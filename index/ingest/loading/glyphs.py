"""The glyphs that PDFium finds on a page, put together to the pieces of lines they were set as.

A piece ends where its line does, and where a gap wider than any between words, or an upright rule,
parts it from the next: there a column or a cell may begin. Glyphs that are drawn twice at one
place, to look bold, count once. What is raised or lowered is marked so (see
``index.ingest.loading.scripts``).
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.ingest.loading.scripts import Run, joined

WIDEST_SPACE = 1.8
"""In heights of letters: a wider gap is none between words."""
NARROWEST_SPACE = 0.15
SMALL = 0.85
"""A raised or lowered glyph is at most so large, of the line's."""
SMALLEST = 0.4
"""One that is smaller is no part of the line: the line's first letter is a drop cap."""
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_HYPHENS = (0x02, 0xFFFE)  # PDFium's own for a hyphen at a line's end
_UNKNOWN = (0, 0xFFFD)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one line: its left and right edge and its base line, in points from the lower left.

    ``size`` is the height of its letters; ``page`` counts from 1.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    page: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Glyph:
    sign: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


@dataclass(slots=True)
class PageText:
    """What a page shows: pieces in the order they are drawn, and what could not be taken."""

    pieces: list[Piece] = field(default_factory=list)
    slanted: int = 0  # glyphs across the page, such as a watermark's
    unknown: int = 0  # glyphs that stand for no known character
    pictured: float = 0.0  # the share of the page that its largest picture covers


def text_of_page(page: Any, number: int, most: int) -> PageText:
    """What a page of pypdfium2's shows, up to ``most`` glyphs and a few more."""
    found = PageText()
    textpage = page.get_textpage()
    try:
        line = _Pieces(number, _upright_rules(page))
        for glyph in _glyphs(textpage, found, most):
            line.add(glyph)
        found.pieces = line.ended()
    finally:
        textpage.close()
    if sum(len(piece.text) for piece in found.pieces) < 200:
        found.pictured = _pictured(page)
    return found


def _glyphs(textpage: Any, found: PageText, most: int) -> Iterator[_Glyph]:
    import pypdfium2.raw as pdfium

    raw = textpage.raw
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = box
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    kinds: dict[Any, tuple[float, bool]] = {}
    seen: dict[tuple[str, int, int], float] = {}
    for index in range(min(textpage.count_chars(), most + 1)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if pdfium.FPDFText_IsGenerated(raw, index) == 1:
            if code == 0x20:
                yield _GENERATED_SPACE
            continue
        code = 0x2D if code in _HYPHENS else code
        if 0xDC00 <= code <= 0xDFFF:
            continue  # the second half of what the first stands for
        handle = pdfium.FPDFText_GetTextObject(raw, index)
        key = ctypes.addressof(handle.contents) if handle else None
        if key not in kinds:
            pdfium.FPDFText_GetMatrix(raw, index, matrix)
            kinds[key] = (
                _size(pdfium.FPDFText_GetFontSize(raw, index), matrix),
                _is_bold(pdfium, handle),
            )
            if len(kinds) > 10_000:
                kinds = {key: kinds[key]}
        size, bold = kinds[key]
        if size <= 0:
            found.slanted += 1
            continue
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        if not pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top):
            continue
        if code in _UNKNOWN:
            found.unknown += 1
            code = 0xFFFD
        sign = _character(pdfium, raw, index, code)
        if not sign.isspace():
            row, column = round(2 * y.value / size), int(4 * x.value / size)
            near = (seen.get((sign, row, column + by)) for by in (0, -1, 1))
            if any(one is not None and abs(one - x.value) < 0.12 * size for one in near):
                continue
            seen[sign, row, column] = x.value
        yield _Glyph(sign.translate(_LIGATURES), x.value, right.value, y.value, size, bold)


_GENERATED_SPACE = _Glyph(" ", 0.0, 0.0, 0.0, 0.0, False)


def _character(pdfium: Any, raw: Any, index: int, code: int) -> str:
    if 0xD800 <= code <= 0xDBFF:
        low = pdfium.FPDFText_GetUnicode(raw, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low & 0x3FF))
    sign = chr(code) if code < 0x110000 else "\ufffd"
    return " " if sign in "\r\n\t" else sign


def _size(font_size: float, matrix: Any) -> float:
    """The height of letters in points, 0 for what runs askew."""
    across, along = abs(matrix.b), abs(matrix.a)
    askew = min(across, along) > 0.05 * max(across, along, 1e-9)
    if askew:
        # Letters made to lean by their font are upright on their line.
        return 0.0 if across > 0.05 * along else float(font_size)
    upright = (matrix.c**2 + matrix.d**2) ** 0.5
    return float(abs(font_size) * upright)


def _is_bold(pdfium: Any, handle: Any) -> bool:
    font = pdfium.FPDFTextObj_GetFont(handle) if handle else None
    if not font:
        return False
    name = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, name, 200)
    said = name.value.decode("latin-1").lower()
    return any(word in said for word in ("bold", "black", "heavy", "-bd", "demi"))


def _upright_rules(page: Any) -> list[tuple[float, float, float]]:
    """The upright lines on a page: where from the left, from what height to what height."""
    import pypdfium2.raw as pdfium

    rules: list[tuple[float, float, float]] = []
    for left, bottom, right, top in _bounds(page, pdfium.FPDF_PAGEOBJ_PATH):
        if right - left < 3 and top - bottom > 6:
            rules.append(((left + right) / 2, bottom, top))
        elif right - left >= 3 and top - bottom > 6:  # a box's own sides
            rules += [(left, bottom, top), (right, bottom, top)]
    return sorted(set(rules))[:MOST_RULES]


MOST_RULES = 2000


def _pictured(page: Any) -> float:
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    area = max(1.0, width * height)
    covered = (
        (right - left) * (top - bottom) / area
        for left, bottom, right, top in _bounds(page, pdfium.FPDF_PAGEOBJ_IMAGE)
    )
    return max(covered, default=0.0)


def _bounds(page: Any, kind: int) -> Iterator[tuple[float, float, float, float]]:
    import pypdfium2.raw as pdfium

    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), 20_000)):
        thing = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(thing) == kind and pdfium.FPDFPageObj_GetBounds(
            thing, *edges
        ):
            left, bottom, right, top = (edge.value for edge in edges)
            yield left, bottom, right, top


class _Pieces:
    """Puts glyphs together as they come."""

    def __init__(self, page: int, rules: list[tuple[float, float, float]]) -> None:
        self._page = page
        self._rules = rules
        self._made: list[Piece] = []
        self._glyphs: list[_Glyph] = []
        self._runs: list[Run] = []
        self._size = 0.0
        self._base = 0.0
        self._right = 0.0
        self._spaced = False

    def add(self, glyph: _Glyph) -> None:
        if glyph is _GENERATED_SPACE or glyph.sign.isspace():
            self._spaced = True
            return
        shift = self._shift(glyph) if self._glyphs else 0
        if self._glyphs and (shift is None or self._is_apart(glyph)):
            self._end()
            shift = 0
        if not self._glyphs:
            self._size, self._base = glyph.size, glyph.base
        gap = glyph.left - self._right
        if self._glyphs and (
            gap > (0.25 if not self._spaced else NARROWEST_SPACE if shift else 0.05) * self._size
        ):
            self._runs.append(Run(" ", 0))
        self._runs.append(Run(glyph.sign, shift or 0))
        self._glyphs.append(glyph)
        if not shift and glyph.size > self._size:
            self._size, self._base = glyph.size, glyph.base
        self._right = max(glyph.right, glyph.left)
        self._spaced = False

    def ended(self) -> list[Piece]:
        self._end()
        return self._made

    def _shift(self, glyph: _Glyph) -> int | None:
        """1 or -1 for what is raised or lowered, 0 for what is on the line, None on another."""
        up = glyph.base - self._base
        if abs(up) < 0.12 * max(self._size, glyph.size) and glyph.size > 0.6 * self._size:
            return 0
        near = -0.5 * self._size < glyph.left - self._right < self._size
        if near and SMALLEST * self._size <= glyph.size <= SMALL * self._size:
            if 0.15 * self._size < up < 0.8 * self._size:
                return 1
            if -0.5 * self._size < up < -0.05 * self._size:
                return -1
        if near and self._all_small() and glyph.size >= self._size / SMALL:
            return 0 if abs(up) < 0.6 * glyph.size else None
        return 0 if abs(up) < 0.2 * max(self._size, glyph.size) else None

    def _all_small(self) -> bool:
        return len(self._glyphs) <= 4

    def _is_apart(self, glyph: _Glyph) -> bool:
        gap = glyph.left - self._right
        if gap > WIDEST_SPACE * self._size or gap < -2 * self._size:
            return True
        if gap <= 0 or not self._rules:
            return False
        middle = self._base + 0.3 * self._size
        return any(
            self._right - 1 <= x <= glyph.left + 1 and low <= middle <= high
            for x, low, high in self._rules
        )

    def _end(self) -> None:
        if self._glyphs:
            # What comes first and is small is raised against what follows it.
            runs = self._raised_first()
            text = unicodedata.normalize("NFC", " ".join(joined(runs).split()))
            if text:
                self._made.append(
                    Piece(
                        text,
                        self._glyphs[0].left,
                        self._right,
                        self._base,
                        self._size,
                        self._page,
                        all(one.bold for one in self._glyphs),
                    )
                )
        self._glyphs, self._runs, self._spaced = [], [], False

    def _raised_first(self) -> list[Run]:
        first = self._glyphs[0]
        if first.size <= SMALL * self._size and first.base - self._base > 0.15 * self._size:
            for place, glyph in enumerate(self._glyphs):
                if glyph.size > SMALL * self._size:
                    small = sum(1 for run in self._runs[: place + 1] if run.text == " ")
                    head = "".join(run.text for run in self._runs[: place + small])
                    return [Run(head, 1), *self._runs[place + small :]]
        return self._runs
