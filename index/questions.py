"""Which words of a text ask something, so that a question is never given as its own answer."""

import re

from index.article import Span

_ASKS = "?？؟⸮՞"
_MARKS = "*_`~#>"
_CLOSES = r"[\s\"'”’»›)\]}*_`~|!！.…]"
_CLOSING = re.compile(rf"(?<!{_CLOSES}){_CLOSES}++$")
_IN_BRACKETS = re.compile(r"(?<!\s)\s*+\([^()]{0,200}\)\s*+$")
_ASKER = re.compile(
    r"\s*[*_]{0,3}(?:Q|Question|Frage|Pregunta|Domanda|F)\s?\d{0,3}[*_]{0,3}\s?[:.)]"
)
_OPENING = re.compile(r"[\s\"'“„«‹(\[*_`~#>|•–—-]*+(?:\(?\d{1,3}[.)]\s+)?")
_WORD = re.compile(r"[^\W_]+")
_ASKING = frozenset("who whom whose what which when where why how".split())
_VERBS = frozenset(
    "am is are was were do does did has have had can could will would shall should may might must "
    "isn aren wasn weren don doesn didn hasn haven can't couldn won wouldn".split()
)
_SUBJECTS = frozenset(
    "i you we they he she it this that these those there the a an my your".split()
)
_ENDS = re.compile(r"[.!?…。！？؟](?=[\s\"'”’»)\]*_]|$)|\n")
_AFTER_COLON = re.compile(r"[\"“„«‹]")


def interrogative(text: str) -> bool:
    """Whether a sentence or heading as a whole asks: ``Q: Who pays?``, ``How much is it``.

    So does the question of an interview with its speaker before it, in quotes or brackets, as an
    item, or with a format's marks around it. A statement that only tells of a question does not
    (``"Who pays?" she asked.``); ``questions_in`` finds the question in it. A line without a
    question mark asks when it is marked so (``Q:``), or when it begins as questions do and ends
    in no other mark, as headings do.
    """
    shown = text.strip()
    if not _WORD.search(shown):
        return False
    bare = _IN_BRACKETS.sub("", shown) if shown.endswith(")") else shown
    closed = _CLOSING.search(bare)
    core = bare[: closed.start()] if closed else bare
    # A point after the mark ends another sentence, unless a quote's end is between.
    if core[-1:] and core[-1] in _ASKS:
        return True
    if _ASKER.match(shown):
        return True
    return bare[-1:] not in (*".!…:;,。！", "") and _begins_as_question(bare)


def questions_in(text: str, start: int = 0) -> tuple[Span, ...]:
    """Where a text asks, quoted questions within statements too; ``start`` is added to each span.

    Code points, in order, without overlap. Each goes from the beginning of its sentence, quote or
    line to its question mark.
    """
    found: list[Span] = []
    begin = 0
    for end in _ENDS.finditer(text):
        piece = text[begin : end.end()]
        if end[0] in _ASKS:
            opened = max((m.start() for m in _AFTER_COLON.finditer(piece)), default=-1)
            after = piece[opened:] if opened >= 0 else piece
            closed = opened >= 0 and any(sign in after for sign in "”»›")
            head = begin + (opened + 1 if opened > 0 and not closed else 0)
            head += len(text[head : end.end()]) - len(text[head : end.end()].lstrip())
            if head < end.end():
                found.append(Span(start + head, start + end.end()))
        elif interrogative(piece):
            head = begin + len(piece) - len(piece.lstrip())
            tail = end.start() if end[0] == "\n" else end.end()
            if head < tail:
                found.append(Span(start + head, start + tail))
        begin = end.end()
    rest = text[begin:]
    if rest.strip() and interrogative(rest):
        head = begin + len(rest) - len(rest.lstrip())
        found.append(Span(start + head, start + len(text.rstrip())))
    return tuple(found)


def _begins_as_question(text: str) -> bool:
    """By its words: ``How much does …``, ``Is it …``, but not ``How to …`` or ``What it costs``."""
    opening = _OPENING.match(text)
    words = [word.lower() for word in _WORD.findall(text[opening.end() if opening else 0 :][:200])]
    if len(words) < 3:
        return False
    if words[0] in _ASKING:
        return any(word in _VERBS for word in words[1:4]) and words[1] not in _SUBJECTS
    return words[0] in _VERBS and words[1] in _SUBJECTS
