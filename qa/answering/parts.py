"""Parts: several questions in one, told apart so that each can be asked alone."""

import re

_WH = r"who|whom|whose|what|which|when|where|why|how(?: (?:many|much|long|old|far|often|big|high))?"
_AUX = r"is|are|was|were|do|does|did|can|could|will|would|has|have|had|may|must|should"
_PREPOSITIONS = r"(?:(?:since|until|till|by|from|for|at|in|on|to|with|of|about) )?"
_BEGIN = rf"{_PREPOSITIONS}(?:{_WH}|{_AUX})\b"
_SPLIT = re.compile(
    rf"\s?(?:[,;?.]\s?(?:and |but |or |then |also )?|\s(?:and|&|but) )(?=(?:{_BEGIN}))", re.I
)
_BARE = re.compile(rf"{_PREPOSITIONS}(?:{_WH})$", re.I)
_OPENING = re.compile(rf"({_PREPOSITIONS}(?:{_WH})\b)\s?(.*)", re.I | re.S)
_PRONOUN = re.compile(r"\b(he|she|it|they)\b", re.I)

MOST_PARTS = 6
"""Questions that one is split into at most."""


def parts_of(question: str) -> list[str]:
    """The questions in a question, in order; the question alone when it cannot be told apart.

    A question word alone takes the rest of the nearest part that has one: "When and where was she
    born?" asks "When was she born?" and "Where was she born?".
    """
    pieces = [piece.strip(" ?,;.") for piece in _SPLIT.split(question.strip())]
    pieces = [piece for piece in pieces if piece]
    if not 2 <= len(pieces) <= MOST_PARTS or not re.match(_BEGIN, pieces[-1], re.I):
        return [question]
    return [_asked(_completed(number, pieces)) for number in range(len(pieces))]


def _completed(number: int, pieces: list[str]) -> str:
    piece = pieces[number]
    if not _BARE.fullmatch(piece):
        return piece
    others = [*pieces[number + 1 :], *reversed(pieces[:number])]
    for other in others:
        found = _OPENING.match(other)
        if found and found[2]:
            return f"{piece} {found[2]}"
    return piece


def _asked(piece: str) -> str:
    return f"{piece[0].upper()}{piece[1:]}?"
