"""Undoes Penn-Treebank tokenisation (QAMR's), carrying the answers' offsets along."""

import re
from bisect import bisect_left, bisect_right

from qa.training.examples import Example

_PLAIN = {
    "``": '"',
    "''": '"',
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
}
_CLOSING = """
, . ; : ? ! % ) ] } ' '' ... \u2026 \u2019 \u201d -RRB- -RSB- -RCB-
's 'S \u2019s 're 've 'll 'd 'm n't N'T n\u2019t
"""
_OPENING = """
( [ { $ \u00a3 \u20ac # `` \u201c \u2018 -LRB- -LSB- -LCB-
"""
_ATTACHED_LEFT = frozenset(_CLOSING.split())
_ATTACHED_RIGHT = frozenset(_OPENING.split())


def detokenise(text: str) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """The text as a person writes it, and its tokens' spans in the old and in the new text."""
    old: list[tuple[int, int]] = []
    new: list[tuple[int, int]] = []
    parts: list[str] = []
    length = 0
    glued, quoted = True, False
    for match in re.finditer(r"\S+", text):
        word = match.group()
        closing = word in _ATTACHED_LEFT or (word == '"' and quoted)
        if not (glued or closing):
            parts.append(" ")
            length += 1
        plain = _PLAIN.get(word, word)
        parts.append(plain)
        old.append(match.span())
        new.append((length, length + len(plain)))
        length += len(plain)
        glued = word in _ATTACHED_RIGHT or (word == '"' and not quoted)
        quoted = quoted != (word == '"')
    return "".join(parts), old, new


def detokenised(example: Example) -> Example:
    """The example on the detokenised context; answers widen to the tokens they touch."""
    context, old, new = detokenise(example.context)
    begins = [begin for begin, _ in old]
    ends = [end for _, end in old]

    def moved(start: int, end: int) -> tuple[int, int]:
        first = bisect_right(ends, start)
        last = bisect_left(begins, end) - 1
        return new[first][0], new[last][1]

    spans = tuple(moved(start, end) for start, end in example.spans)
    question, _, _ = detokenise(example.question)
    return Example(example.id, question, context, spans, example.article)
