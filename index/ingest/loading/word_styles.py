"""What a DOCX says of its paragraphs and runs through styles and numberings, inherited ones too."""

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_OFF = frozenset(("0", "false", "off"))
_PLACEHOLDER = re.compile(r"%([1-9])")
_LONGEST_CHAIN = 50
_BODY_LEVEL = 9
_LEVELS = 9
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


class Styles:
    """The styles by their ids, each with those that it is based on."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
        self._known: dict[tuple[str, str], Any] = {}
        self.looks: dict[str, tuple[str, int, str, bool]] = {}
        """Of runs that say nothing themselves, by their paragraph's style."""

    def heading_level(self, paragraph: Any) -> int:
        """The paragraph's level as a heading, 0 for body text."""
        own = outline_level(paragraph.find(W + "pPr"))
        if own is not None:
            return own
        for style in self._chain(style_of(paragraph)):
            found = style.find(W + "name")
            name = "" if found is None else found.get(W + "val", "").strip().lower()
            if name == "title":
                return 1
            numbered = _HEADING.fullmatch(name)
            level = outline_level(style.find(W + "pPr"))
            if level is None and numbered:
                level = int(numbered[1])
            if level is not None:
                return level
        return 0

    def numbering(self, paragraph: Any) -> Any:
        """The ``w:numPr`` of the paragraph or of its style, or None."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        return own if own is not None else self._first(style_of(paragraph), f"{W}pPr/{W}numPr")

    def property(self, run: Any, paragraph: Any, name: str) -> Any:
        """A property's element in the run, or else in its style, or else its paragraph's."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return own
        path = f"{W}rPr/{W}{name}"
        found = self._first(_run_style(run), path)
        return found if found is not None else self._first(style_of(paragraph), path)

    def is_on(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether a property that is on or off is on. On in both styles is off (17.7.3)."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return is_true(own)
        path = f"{W}rPr/{W}{name}"
        return is_true(self._first(_run_style(run), path)) != is_true(
            self._first(style_of(paragraph), path)
        )

    def is_note_mark(self, run: Any) -> bool:
        """Whether the run is in the style of the marks of notes."""
        for style in self._chain(_run_style(run)):
            name = style.find(W + "name")
            if name is not None and name.get(W + "val", "").lower() in (
                "footnote reference",
                "endnote reference",
            ):
                return True
        return False

    def _first(self, style: str, path: str) -> Any:
        key = (style, path)
        if key not in self._known:
            found = (one.find(path) for one in self._chain(style))
            self._known[key] = next((one for one in found if one is not None), None)
        return self._known[key]

    def _chain(self, style: str) -> Iterator[Any]:
        for _ in range(_LONGEST_CHAIN):
            found = self._styles.get(style)
            if found is None:
                return
            yield found
            based = found.find(W + "basedOn")
            style = "" if based is None else based.get(W + "val", "")


class Numberings:
    """Counts the numbered paragraphs of a document, in its order."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[tuple[str, int], Any] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for abstract in root.iter(W + "abstractNum"):
            for level in abstract.findall(W + "lvl"):
                key = (abstract.get(W + "abstractNumId", ""), _number(level.get(W + "ilvl"), 0))
                self._levels[key] = level
        for number in root.iter(W + "num"):
            name = number.get(W + "numId", "")
            self._abstract[name] = _val(number.find(W + "abstractNumId"))
            for override in number.findall(W + "lvlOverride"):
                start = override.find(W + "startOverride")
                if start is not None:
                    level = _number(override.get(W + "ilvl"), 0)
                    self._starts[name, level] = _number(_val(start), 1)

    def label(self, properties: Any) -> str:
        """The number that stands before the next paragraph with these ``w:numPr``.

        ``""`` for bullets, which are no words, and where none is shown.
        """
        name = _val(properties.find(W + "numId"))
        level = min(_LEVELS - 1, max(0, _number(_val(properties.find(W + "ilvl")), 0)))
        abstract = self._abstract.get(name)
        definition = self._levels.get((abstract or "", level))
        if name == "0" or abstract is None or definition is None:
            return ""
        # Lists that share a definition go on with each other, unless one begins anew.
        own = name if any(key[0] == name for key in self._starts) else f"abstract {abstract}"
        counts = self._counts.setdefault(own, [None] * _LEVELS)
        for upper in range(level):
            if counts[upper] is None:
                counts[upper] = self._start(name, abstract, upper)
        before = counts[level]
        counts[level] = self._start(name, abstract, level) if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._shown(definition, abstract, counts)

    def _start(self, name: str, abstract: str, level: int) -> int:
        definition = self._levels.get((abstract, level))
        start = None if definition is None else definition.find(W + "start")
        return self._starts.get((name, level), _number(_val(start), 1))

    def _shown(self, definition: Any, abstract: str, counts: list[int | None]) -> str:
        form = _val(definition.find(W + "numFmt"))
        if form in ("bullet", "none"):
            return ""
        legal = is_true(definition.find(W + "isLgl"))

        def number(found: re.Match[str]) -> str:
            level = int(found[1]) - 1
            one = self._levels.get((abstract, level))
            its_form = "" if one is None else _val(one.find(W + "numFmt"))
            return _written(counts[level] or 0, "decimal" if legal else its_form)

        return _PLACEHOLDER.sub(number, _val(definition.find(W + "lvlText"))).strip()


def style_of(paragraph: Any) -> str:
    """The id of the paragraph's style, or ``""``."""
    return _val(paragraph.find(f"{W}pPr/{W}pStyle"))


def outline_level(properties: Any) -> int | None:
    """The heading's level that a ``w:pPr`` gives, 0 for body text, None if it says nothing."""
    found = None if properties is None else properties.find(W + "outlineLvl")
    level = _number(_val(found), -1)
    if level < 0 or level > _BODY_LEVEL:
        return None
    return 0 if level == _BODY_LEVEL else level + 1


def is_true(element: Any) -> bool:
    """Whether the element of a property is there and does not say no."""
    return element is not None and element.get(W + "val", "1").lower() not in _OFF


def _run_style(run: Any) -> str:
    return _val(run.find(f"{W}rPr/{W}rStyle"))


def _val(element: Any) -> str:
    return "" if element is None else str(element.get(W + "val", ""))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and 0 < number < 1000:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, sign in _ROMAN:
            roman += sign * (number // value)
            number %= value
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)
