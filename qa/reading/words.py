"""Words: the stretches of a text that a quote never cuts."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

# Thai, Lao, Myanmar, Khmer, kana and ideographs: written without spaces, so each may stand alone.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_JOINED = rf"[^\W{_UNSPACED}]"
_LETTER = rf"[^\W\d_{_UNSPACED}]"
_WORD = re.compile(
    rf"""
    (?:{_LETTER}{{1,2}}\.){{2,12}}+(?!\w)            # U.S., Ph.D., a.m.
    | (?<=\w)['\u2019]s\b                            # Denver|'s
    | (?:(?<![^\s(])[-\u2212])?[$\u00a3\u00a5\u20ac]?(?=\d){_JOINED}+     # -5, $5
      (?:[.,:/](?=\d){_JOINED}+)*%?                  # 1,000, 10:30, 0.5%
    | {_JOINED}+
      (?:(?:(?<=\d)[.,:/](?=\d)                      # F1.5
        |(?<={_LETTER})\.(?=[a-z])                   # example.com
        |(?<={_LETTER})['\u2019](?!s\b)(?={_LETTER}) # don't, O'Brien
        |(?<={_LETTER})[&@](?={_LETTER})             # AT&T
       ){_JOINED}+)*
      (?:(?:\+{{1,2}}|\#)(?!\w))?                    # C++, C#
    | \S
    """,
    re.VERBOSE,
)
_ZERO_WIDTH_JOINER = "\u200d"


def words(text: str) -> Integers:
    """Where the words are: (n, 2) code points, end exclusive, in order and without overlap.

    Every character but white space lies in one. Punctuation stands alone except where cutting
    there would change what is said: inside numbers, amounts, abbreviations, addresses and
    contractions. Hyphens part words, and so does the apostrophe before a possessive s.
    Combining marks and joined emoji stay with what they belong to.
    """
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and found[-1][1] == start and _belongs(text[start - 1], text[start]):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _belongs(before: str, after: str) -> bool:
    """Whether one character modifies or continues the other."""
    if before.isascii() and after.isascii():
        return False
    if _ZERO_WIDTH_JOINER in (before, after) or _modifies(after):
        return True
    return _modifies(before) and re.match(_JOINED, after) is not None


def _modifies(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    return is_mark or "\U0001f3fb" <= character <= "\U0001f3ff"  # the skin tones
