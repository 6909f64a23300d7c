"""A text's paragraphs, headings and sentences, as spans of code points into that very text.

Plain text says little about its structure, so the rules are few and looked up in this order:

1. Blank lines, form feeds and paragraph separators (U+2029) part the text into blocks.
2. In a block with a line over 120 characters every line stands alone, unless a sentence plainly
   goes on in the next. So it does in a text that is one block and where no sentence goes on in
   the next line. All other blocks are hard-wrapped and flow: their lines belong together, but for
   list items, for a short line at the top that had room for more words, and, where no blank line
   parts anything, for a line that ends a sentence well before the margin.
3. A line of up to 100 characters that does not end in punctuation is a heading when text follows:
   one such line, or two in a row (a title and a section). Of a longer row, which is a listing,
   only the last is one, and the first if it opens the text. List items are no headings.
4. A line without a letter or digit (``=====``, ``* * *``) belongs to what stands above it.
5. A paragraph of more than 4,000 characters is parted between sentences.

Every character that is not white space lies in exactly one paragraph or heading.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import sentencex  # type: ignore[import-untyped]  # carries no types

from index.article import Heading, Paragraph, Span
from index.ingest.byline import is_byline

LONGEST_WRAPPED_LINE = 120
LONGEST_HEADING = 100
NARROWEST_MARGIN = 30
HEADINGS_IN_A_ROW = 2
TOP_LINES = 4
"""Among so many lines at the top those that name the author or the date are no headings."""
SENTENCE_WINDOW = 10_000
LONGEST_PARAGRAPH = 4_000
"""Characters in a paragraph; a longer one, such as a log or an export, is taken for several."""


_PARTING = ("\f", "\u2029")
_WORD = re.compile(r"[^\W_]")
_BULLET = re.compile(r"[-*+•◦‣▪·]\s")
_NUMBER = re.compile(r"\(?(?:\d{1,2}[.)]|[A-Za-z]\))\s")
_FORMULA = re.compile(r"(?:^|[^A-Za-z])[A-Z][A-Za-z0-9]{0,3}[-+\u2212]?$|^\d{1,2}\)$")
_SUBSCRIPT = re.compile(r"\d{1,2}(?!\d|[.,]\d|[^\W\d_A-Z])")
# What sentencex, written in Rust, cannot take: its strings hold no lone surrogates, and it panics
# over white space of several bytes, as in "B\u00a0. ".
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")
_AFTER_ELLIPSIS = re.compile(r"…[\"'”’»)\]]?\s(?=[\"'“‘«(\[]?[^\W\d_a-zß-öø-ÿ])")
_MAY_END = re.compile(r"[^\w ,;:'\"()\[\]|/-]")
_ABBREVIATED = re.compile(r"(?<![^\W_])([^\W\d_]{1,8})\.$")
_ALWAYS_SHORT = frozenset("vgl bzw evtl ggf inkl zzgl sog hrsg mme mlle sra dott cf".split())
_SHORT_BEFORE_NUMBERS = frozenset(
    "abs abb app approx art arts bd ca cap cca ch chap circa cl co col cols d ed eds eq eqs est ex "
    "fig figs fl fn fol ft ill inv jan feb mar apr jun jul aug sep sept oct nov dec kap l lb lbs "
    "ll lot max min mod ms n nn no nos nr nrs nº op p par para paras pg pl pos pp pt pts r ref reg "
    "rm s sec secs sect ser st str t tab tel tit us v ver vers vol vols vs z ziff zif".split()
)
# Marks of scripts that are written without spaces.
_UNSPACED_ENDS = tuple("。！？｡．…‥।॥။።")  # other scripts' marks are meant
LONGEST_ENDING = 40
_ENDS_SENTENCE = tuple(".!?…。！？｡؟۔।")  # other scripts' marks are meant
_PUNCTUATION = (*_ENDS_SENTENCE, *",;:、，；：،؛")  # as above


class _Line(NamedTuple):
    start: int
    body: str

    @property
    def end(self) -> int:
        return self.start + len(self.body)


@dataclass(slots=True)
class _Unit:
    """Lines that belong together: a paragraph, or what may turn out to be a heading."""

    start: int
    end: int
    wordless: bool
    numbered: bool
    may_head: bool
    byline: bool = False
    heads: bool = False


def split_plain(
    text: str, language: str = "en", pause: Callable[[], None] = lambda: None
) -> tuple[tuple[Paragraph, ...], tuple[Heading, ...]]:
    """The paragraphs, with their sentences and the heading above them, and the headings.

    Spans are code points into ``text``, end exclusive, in order, without overlap and without
    outer white space; together they cover every character that is not white space. ``pause`` is
    called for each, and may raise.
    """
    paragraphs: list[Paragraph] = []
    headings: list[Heading] = []
    for unit in _units(text):
        pause()
        span = Span(unit.start, unit.end)
        if unit.heads:
            headings.append(Heading(span))
        else:
            sentences = split_sentences(text, span, language)
            above = headings[-1] if headings else None
            paragraphs += part_long(text, sentences, len(paragraphs) + 1, above)
    return tuple(paragraphs), tuple(headings)


def part_long(
    text: str,
    sentences: Iterable[Span],
    number: int,
    heading: Heading | None = None,
    page: int | None = None,
) -> Iterator[Paragraph]:
    """The paragraph of these sentences, numbered, or several where it would be over-long.

    It is parted between sentences, so that no part has more than ``LONGEST_PARAGRAPH``
    characters; a sentence that is itself longer is cut at white space or, without any, anywhere.
    Together the parts hold every character that the sentences hold.
    """
    group: list[Span] = []
    for sentence in chain.from_iterable(_cut_long(text, sentence) for sentence in sentences):
        if group and sentence.end - group[0].start > LONGEST_PARAGRAPH:
            yield _paragraph(number, group, heading, page)
            number, group = number + 1, []
        group.append(sentence)
    if group:
        yield _paragraph(number, group, heading, page)


def _paragraph(
    number: int, sentences: list[Span], heading: Heading | None, page: int | None
) -> Paragraph:
    span = Span(sentences[0].start, sentences[-1].end)
    return Paragraph(number, span, tuple(sentences), heading, page)


def _cut_long(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST_PARAGRAPH:
        # Within the limit and after a character that is there, so that it always goes on.
        end = start + _after_last_space(text[start : start + LONGEST_PARAGRAPH])
        cut = trim(text, start, end)
        if cut:
            yield cut
        start = end
    rest = trim(text, start, sentence.end)
    if rest:
        yield rest


def split_sentences(text: str, span: Span, language: str = "en") -> tuple[Span, ...]:
    """The sentences of ``text[span.start:span.end]``, as code points into ``text``.

    In order, without overlap and without outer white space; together they cover every character
    of ``span`` that is not white space. ``language`` is an ISO 639 code. A sentence of more than
    10,000 characters is cut at white space.
    """
    piece = span.of(text)
    cuts = [*_sentence_starts(piece, language), len(piece)]
    trimmed = (trim(text, span.start + a, span.start + b) for a, b in pairwise(cuts))
    return tuple(sentence for sentence in trimmed if sentence)


def trim(text: str, start: int, end: int) -> Span | None:
    """``text[start:end]`` without its outer white space, or None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def has_words(text: str) -> bool:
    """Whether the text holds a letter or a digit of any script."""
    return _WORD.search(text) is not None


def _sentence_starts(piece: str, language: str) -> Iterator[int]:
    """Where the sentences start, looked for in windows, for sentencex takes quadratic time.

    Only the starts are taken from sentencex, so that whatever it reports nothing is lost.
    """
    start = 0
    while len(piece) - start > SENTENCE_WINDOW:
        window = piece[start : start + SENTENCE_WINDOW]
        *whole, last = _starts_in(window, language)
        yield from (start + offset for offset in whole)
        if not whole:  # one sentence fills the window
            yield start
            last = _after_last_space(window)
        start += last
    yield from (start + offset for offset in _starts_in(piece[start:], language))


def _starts_in(window: str, language: str) -> list[int]:
    if not _MAY_END.search(window):
        return [0]
    # Character for character, so that the offsets hold.
    fit = _WIDE_SPACE.sub(" ", _SURROGATE.sub("\ufffd", window))
    try:
        found = sentencex.get_sentence_boundaries(language, fit)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's; it cannot be imported
            raise
        return [0]
    starts = {b["start_index"] for b in found if 0 < b["start_index"] < len(window)}
    starts.update(ellipsis.end() for ellipsis in _AFTER_ELLIPSIS.finditer(window))
    return sorted({0, *(start for start in starts if _may_start(window, start))})


def _may_start(window: str, start: int) -> bool:
    """Whether a sentence can start there: never within a word, nor after an abbreviation.

    What goes on in lower case after a point goes on with the sentence.
    """
    head = window[:start][-LONGEST_ENDING:]
    before = head.rstrip()
    after = window[start : start + LONGEST_ENDING].lstrip()
    if len(before) == len(head) and not window[start].isspace():
        return _ends(before, _UNSPACED_ENDS)
    if not before or not after or "\n\n" in head[len(before) :]:
        return True
    if before[-1] in ".…)]" and after[0].islower():
        return False
    abbreviated = _ABBREVIATED.search(before)
    if not abbreviated:
        return True
    word = abbreviated[1].lower()
    return not (word in _ALWAYS_SHORT or (after[0].isdigit() and word in _SHORT_BEFORE_NUMBERS))


def _after_last_space(window: str) -> int:
    return next((i for i in range(len(window), 0, -1) if window[i - 1].isspace()), len(window))


def _units(text: str) -> list[_Unit]:
    blocks = list(_blocks(text))
    units = [
        _unit(lines)
        for block in blocks
        for lines in (
            _flow(block, len(blocks) == 1) if _flows(block, len(blocks)) else _each(block)
        )
    ]
    _mark_headings(units)
    return _without_wordless(units)


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    position = 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            block.append(_Line(position + len(raw) - len(raw.lstrip()), body))
        if block and (not body or raw.endswith(_PARTING)):
            yield block
            block = []
        position += len(raw)
    if block:
        yield block


def _flows(block: list[_Line], blocks: int) -> bool:
    """Whether the block is hard-wrapped, so that its lines belong together."""
    if any(len(line.body) > LONGEST_WRAPPED_LINE and not _is_address(line.body) for line in block):
        return False
    return blocks > 1 or _runs_on(block)


def _is_address(line: str) -> bool:
    """A web address cannot be wrapped, however long it is."""
    return "://" in line and not any(character.isspace() for character in line)


def _goes_on(above: str, below: str) -> bool:
    """Whether the sentence of the line above goes on below: in lower case, a mark or a subscript.

    Text taken from web pages often has its subscripts on lines of their own, as in ``CO``, ``2``.
    """
    if _SUBSCRIPT.match(below) and _FORMULA.search(above[-8:]):
        return True
    opened = below[1:] if below[0] == "(" and ")" not in below[:4] else below  # not "(a)"
    return not _ends(above, _ENDS_SENTENCE) and (opened[:1].islower() or opened[:1] in (*",;)",))


def _margin(block: list[_Line]) -> int:
    return max((len(line.body) for line in block if not _is_address(line.body)), default=0)


def _runs_on(block: list[_Line]) -> bool:
    """Whether a sentence goes on from one line to the next, or the right edge is even."""
    if any(_goes_on(above.body, below.body) for above, below in pairwise(block)):
        return True
    open_lines = [not _ends(line.body, _ENDS_SENTENCE) for line in block[:-1]]
    margin = _margin(block)
    return (
        len(block) > 2
        and margin >= NARROWEST_MARGIN
        and any(open_lines)
        and all(len(line.body) >= 0.75 * margin for line in block[:-1])
    )


def _each(block: list[_Line]) -> Iterator[list[_Line]]:
    """Every line, together with those that its sentence goes on in."""
    group = block[:1]
    for line in block[1:]:
        if not _goes_on(group[-1].body, line.body):
            yield group
            group = []
        group.append(line)
    yield group


def _flow(block: list[_Line], alone: bool) -> Iterator[list[_Line]]:
    margin = _margin(block)
    group = block[:1]
    for line in block[1:]:
        if _parts(group, line, margin, alone):
            yield group
            group = []
        group.append(line)
    yield group


def _parts(group: list[_Line], line: _Line, margin: int, alone: bool) -> bool:
    """Whether ``line`` does not belong to the lines above it in a hard-wrapped block."""
    first, last = group[0].body, group[-1].body
    if not has_words(last) or not has_words(line.body) or _BULLET.match(line.body):
        return True
    if _goes_on(last, line.body):
        return False
    has_room = len(last) + 1 + len(line.body.split(maxsplit=1)[0]) <= 0.75 * margin
    tops = len(group) == 1 and _may_head(last) and has_room
    if _NUMBER.match(line.body):
        return tops or _ends(last, _PUNCTUATION) or bool(_item(first))
    return tops or (
        alone and has_room and _ends(last, _ENDS_SENTENCE) and not line.body[0].islower()
    )


def _unit(lines: list[_Line]) -> _Unit:
    first = lines[0].body
    return _Unit(
        start=lines[0].start,
        end=lines[-1].end,
        wordless=not any(has_words(line.body) for line in lines),
        numbered=_NUMBER.match(first) is not None,
        may_head=len(lines) == 1 and _may_head(first),
        byline=len(lines) == 1 and is_byline(first),
    )


def _may_head(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and has_words(line)
        and not _BULLET.match(line)
        and not _ends(line, _PUNCTUATION)
    )


def _item(line: str) -> bool:
    return bool(_BULLET.match(line) or _NUMBER.match(line))


def _ends(line: str, marks: tuple[str, ...]) -> bool:
    """Whether the line ends in one of the marks, closing quotes and brackets left aside."""
    for character in reversed(line):
        if character in marks:
            return True
        if character not in "\"'" and unicodedata.category(character) not in ("Pe", "Pf", "Pi"):
            return False
    return False


def _mark_headings(units: list[_Unit]) -> None:
    worded = [unit for unit in units if not unit.wordless]
    for unit in worded[:TOP_LINES]:
        unit.may_head = unit.may_head and not unit.byline
    for above, below in pairwise(worded):
        if above.numbered and below.numbered:  # a list, not sections
            above.may_head = below.may_head = False
    row: list[_Unit] = []
    for unit in worded:
        if unit.may_head:
            row.append(unit)
            continue
        listing = len(row) > HEADINGS_IN_A_ROW
        for heading in row[-1:] if listing else row:
            heading.heads = True
        if listing and row[0] is worded[0]:
            row[0].heads = True
        row = []


def _without_wordless(units: list[_Unit]) -> list[_Unit]:
    kept: list[_Unit] = []
    for unit in units:
        if kept and (unit.wordless or kept[-1].wordless):
            unit_above = kept.pop()
            stays = unit if unit_above.wordless else unit_above
            stays.start, stays.end = unit_above.start, unit.end
            kept.append(stays)
        else:
            kept.append(unit)
    return kept
