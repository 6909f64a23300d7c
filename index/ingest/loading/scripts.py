"""Raised and lowered characters in a line of text, so that none is taken for part of a number.

The choice, for every format:

- The mark of a note stands in brackets: ``14[2] months``. It is one by what the file says (a link,
  a style), as a sign such as ``*``, or after a word, a year or a number parted by a comma.
- What is raised otherwise stays raised, in Unicode's own characters: ``m²``, ``10⁶``, ``1,200³``;
  and else after a caret: ``e^(-kt)``.
- Ordinals and abbreviations are one word: ``1st``, ``XXe``, ``nº``, ``20°``.
- What is lowered after a letter joins it, as in ``H2O``; where digits would meet digits it stays
  lowered (``log₂8``), and a word is set off: ``v_max``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_CAN_RISE = re.compile(r"[0-9+\-−=()ni]+")
_CAN_FALL = re.compile(r"[0-9+\-−=()]+")
_AS_IS = re.compile(r"[™®©℠º°ª′″'’‘⁰-⁹²³¹ⁿ]+")
_TRADE = {"tm": "™", "sm": "℠", "o": "º", "(r)": "®", "(c)": "©"}
_SIGNS = re.compile(r"[*†‡§¶‖#⁎∗]+")
_BRACKETED = re.compile(r"\[[^\[\]]{1,40}\]|\([0-9a-z*†‡,; ]{1,12}\)")
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th|er|ère|re|ers|e|è|es|ème|eme|ième|de|nde|nd|r|ra|er|o|a|os|as|ª|º)", re.I
)
_DIGIT_END = re.compile(r"\d$")
_ROMAN_END = re.compile(r"(?:^|[^A-Za-z])[IVXLCDM]+$")
_LETTERS_END = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")
_NUMBER_END = re.compile(r"(?:^|[^\d.,^])(\d[\d.,\u00a0\u202f' ]{0,40}\d|\d)$")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NOTE = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|[a-z]|[ivx]{1,5}")
_ABBREVIATION = re.compile(r"[a-zàâéèê]{1,4}\.?")
_UNITS = frozenset("min sec mol cal bar rad pix deg".split())


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line: ``shift`` is 1 when raised, -1 when lowered.

    ``note`` when what is raised is said to be the mark of a note.
    """

    text: str
    shift: int = 0
    note: bool = False


def joined(runs: Iterable[Run]) -> str:
    """The line that the runs give."""
    merged = _merged(runs)
    before = ""
    pieces: list[str] = []
    for place, run in enumerate(merged):
        after = merged[place + 1].text[:1] if place + 1 < len(merged) else ""
        text = run.text
        if run.shift and text.strip():
            outer = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            core = " ".join(text.split())
            shifted = _raised if run.shift > 0 else _lowered
            text = (
                outer[0] + shifted(core, before + outer[0], outer[1] + after, run.note) + outer[1]
            )
        pieces.append(text)
        before = (before + text)[-40:]
    return "".join(pieces)


def _merged(runs: Iterable[Run]) -> Sequence[Run]:
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if not run.text:
            continue
        if last and (last.shift, last.note) == (run.shift, run.note):
            merged[-1] = Run(last.text + run.text, run.shift, run.note)
        else:
            merged.append(run)
    return merged


def _raised(core: str, before: str, after: str, note: bool) -> str:
    if _BRACKETED.fullmatch(core):
        return core if core[0] == "[" or not before[-1:].isdigit() else f" {core}"
    if _AS_IS.fullmatch(core):
        return core
    if not before.strip():
        return f"[{core}]" if note else core + _gap(core, after)
    if after[:1] in ("⁄", "/") and core.isdigit() and not note:
        return core.translate(_RAISED)  # a fraction's upper part
    if note or _SIGNS.fullmatch(core):
        return f"[{core}]" if len(core) <= 40 else f" [{core}] "
    trade = _TRADE.get(core.lower())
    if trade and (core.lower() != "o" or before[-1:].isdigit() or before[-1:] in "nN"):
        return "°" if core == "o" and after[:1] in "CFKcfk" and before[-1:].isdigit() else trade
    if before[-1:].isspace():
        return f"[{core}]" if _NOTE.fullmatch(core) else f"^{_grouped(core)}"
    if (_DIGIT_END.search(before) or _ROMAN_END.search(before)) and _ORDINAL.fullmatch(core):
        return core
    letters = _LETTERS_END.search(before)
    if _NOTE.fullmatch(core) and _is_noted(core, before, letters[0] if letters else ""):
        return f"[{core}]"
    if letters and _is_abbreviated(letters[0], core):
        return core
    if _CAN_RISE.fullmatch(core):
        return core.translate(_RAISED)
    if " " in core or len(core) > 20:
        return f" ({core}) " if core[0] != "(" else f" {core} "
    return f"^{_grouped(core)}"


def _is_noted(core: str, before: str, letters: str) -> bool:
    """Whether a small number or letter can only be the mark of a note, where it stands."""
    if letters:
        return len(letters) > 2 and letters.lower() not in _UNITS
    number = _NUMBER_END.search(before)
    if number:
        digits = number[1]
        parted = any(sign in digits for sign in ",'\u00a0\u202f ")
        return core.isdigit() and (parted or bool(_YEAR.fullmatch(digits)) or core == "1")
    return before[-1:] not in ")]}|"


def _is_abbreviated(letters: str, core: str) -> bool:
    """``Mme``, ``Dr``, ``St``: a capital and its raised end."""
    return len(letters) <= 3 and letters[0].isupper() and bool(_ABBREVIATION.fullmatch(core))


def _lowered(core: str, before: str, after: str, note: bool) -> str:
    last = before[-1:]
    if not last or last.isspace() or last in "⁄/":
        return core.translate(_LOWERED) if last and last in "⁄/" else core + _gap(core, after)
    if _CAN_FALL.fullmatch(core):
        meets = last.isdigit() or (after[:1].isdigit() and core[-1:].isdigit())
        word = _LETTERS_END.search(before)
        long = word and len(word[0]) > 2 and word[0].islower()
        return core.translate(_LOWERED) if meets or long else core
    letters = _LETTERS_END.search(before)
    if letters and len(letters[0]) <= 2 and " " not in core:
        return f"_{_grouped(core)}"
    return f" {core}{_gap(core, after)}"


def _gap(core: str, after: str) -> str:
    return " " if after[:1].isalnum() and core[-1:].isalnum() else ""


def _grouped(core: str) -> str:
    return core if core.isalnum() or core[0] in "([" else f"({core})"
