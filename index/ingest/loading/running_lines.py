"""Lines that run along a document's pages, such as titles and page numbers.

A line comes back when its words do, letter for letter, at one height at the edge of enough pages.
A number is a page's when it stands alone or with no more than the words for a page, and counts up
by one with the pages. Lines that only differ in their numbers otherwise say something.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from index.ingest.loading.glyphs import Piece
from index.ingest.segmenting import has_words

FEWEST_PAGES = 3
EDGE_LINES = 2

_PAGE_WORDS = "page p pg pag página pagina seite s side sida strona of von de di av sur auf".split()
_NUMBER = re.compile(r"\d{1,5}|[ivxlcdm]{1,8}|[IVXLCDM]{1,8}")
_TOKEN = re.compile(r"[^\W_]+")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def without_running(pieces: Sequence[Piece]) -> tuple[list[Piece], int]:
    """The pieces without those that run along, the first of which counts; and how many went."""
    pages: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        pages[piece.page].append(piece)
    if len(pages) < FEWEST_PAGES:
        return list(pieces), 0
    outer = {id(piece) for on_page in pages.values() for piece in _outermost(on_page)}
    places = Counter(key for on_page in pages.values() for key in {_place(one) for one in on_page})
    repeated = {key for key, count in places.items() if count >= max(FEWEST_PAGES, len(pages) // 3)}
    numbers = _page_numbers([piece for piece in pieces if id(piece) in outer], len(pages))
    seen: set[tuple[str, int]] = set()
    kept: list[Piece] = []
    for piece in pieces:
        if id(piece) in numbers:
            continue
        key = _place(piece)
        if key in repeated and (id(piece) in outer or _is_mark(piece, pieces)):
            if key in seen or not has_words(piece.text):
                continue
            seen.add(key)
        kept.append(piece)
    return kept, len(pieces) - len(kept)


def _place(piece: Piece) -> tuple[str, int]:
    return piece.text, round(piece.base / 6)


def _is_mark(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether it is a watermark: set much larger than most."""
    return piece.size > 2 * Counter(round(one.size, 1) for one in pieces).most_common(1)[0][0]


def _outermost(on_page: Sequence[Piece]) -> list[Piece]:
    """What stands on the two highest and the two lowest heights of a page."""
    heights = sorted({round(piece.base) for piece in on_page})
    edges = {*heights[:EDGE_LINES], *heights[-EDGE_LINES:]}
    return [piece for piece in on_page if round(piece.base) in edges]


def _page_numbers(outer: Sequence[Piece], pages: int) -> set[int]:
    """The pieces that are a page's number: in their place it grows by one a page."""
    counted: dict[tuple[str, int], list[tuple[int, Piece]]] = defaultdict(list)
    for piece in outer:
        number = _counted(piece.text)
        if number is not None:
            counted[_shape(piece.text), number - piece.page].append((number, piece))
    found: set[int] = set()
    for same in counted.values():
        if len({piece.page for _, piece in same}) >= FEWEST_PAGES:
            found |= {id(piece) for _, piece in same}
    return found


def _shape(text: str) -> str:
    return "i" if _TOKEN.findall(text)[0][0].isalpha() and len(_TOKEN.findall(text)) == 1 else "1"


def _counted(text: str) -> int | None:
    """The number of a line that holds one and perhaps the words for a page: ``Page 3 of 12``."""
    if len(text) > 40:
        return None
    tokens = _TOKEN.findall(text)
    numbers = [token for token in tokens if _NUMBER.fullmatch(token)]
    words = [token for token in tokens if token not in numbers]
    if not 1 <= len(numbers) <= 2 or any(word.lower() not in _PAGE_WORDS for word in words):
        return None
    if len(numbers) == 2 and not all(number.isdigit() for number in numbers):
        return None
    return _value(numbers[0])


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [_VALUES[sign] for sign in number.lower()]
    return sum(
        -value if any(later > value for later in values[place + 1 : place + 2]) else value
        for place, value in enumerate(values)
    )
