"""What of a page's elements is shown: taken out is what is hidden, and what is struck."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.ingest.segmenting import has_words

HIDDEN = "hidden passages left out"
STRUCK = "struck passages left out"

UNSEEN = frozenset(
    "audio base canvas datalist embed frame frameset head iframe input link map meta noembed "
    "noframes noscript object option optgroup param rp script select source style template "
    "textarea title track video".split()
)
"""Elements that show no text of their own, but what the reader enters or another page shows."""

_STRUCK = frozenset(("del", "s", "strike"))
_NEVER_HIDDEN = frozenset(("html", "body", "main", "article"))
_FOR_EARS = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only a11y-hidden "
    "u-visually-hidden govuk-visually-hidden element-invisible visually-hidden-focusable".split()
)
_HIDING_STYLE = re.compile(
    r"(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;!}]|$))",
    re.IGNORECASE,
)
_STRIKING_STYLE = re.compile(
    r"text-decoration(?:-line)?\s*+:[^;}]{0,200}?line-through", re.IGNORECASE
)
_BRACE = re.compile(r"[{}]")
_PLAIN_SELECTOR = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9]*)?([.#][\w-]+)\s*")
LONGEST_STYLE = 2000
"""An attribute says how its element is shown within so many characters."""
LONGEST_SELECTOR = 100
MOST_STYLE = 500_000
"""So many characters of a page's own style sheets are looked at."""


def hide_unseen(root: Any) -> Counter[str]:
    """Make a ``template`` of every element that is not shown; count those that had words in them.

    ``root`` is an element of lxml's.
    """
    from lxml import etree

    left_out: Counter[str] = Counter()
    rules = _hiding_rules(root)
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        what = "" if tag in UNSEEN else _why_unseen(element, tag, rules)
        if what:
            left_out[what] += has_words("".join(element.itertext()))
            element.tag = "template"
        if what or tag in UNSEEN:
            walk.skip_subtree()
    return left_out


def _why_unseen(element: Any, tag: str, rules: frozenset[str]) -> str:
    if tag in _STRUCK:
        return STRUCK
    get = element.get
    style = (get("style") or "")[:LONGEST_STYLE]
    if style and _STRIKING_STYLE.search(style):
        return STRUCK
    if tag in _NEVER_HIDDEN:
        return ""
    if style and _HIDING_STYLE.search(style):
        return HIDDEN
    if get("hidden") is not None or (tag == "dialog" and get("open") is None):
        return HIDDEN
    if get("aria-hidden", "").lower() == "true" and not _shows_inline(element, tag):
        return HIDDEN
    classes = (get("class") or "").split()
    if classes and (not _FOR_EARS.isdisjoint(classes)) and tag != "math":
        return "" if _shows_formula(element) else HIDDEN
    if rules and (not rules.isdisjoint("." + name for name in classes)):
        return "" if _shows_formula(element) else HIDDEN
    if rules and get("id") and "#" + get("id") in rules:
        return HIDDEN
    return ""


def _shows_inline(element: Any, tag: str) -> bool:
    """Whether it only keeps from being read aloud what stands in a sentence.

    Icons and the pictures of formulas, which are there as MathML too, do not count.
    """
    if tag not in ("span", "b", "i", "em", "strong", "small", "sup", "sub", "a", "abbr", "q"):
        return False
    classes = (element.get("class") or "").lower()
    if any(word in classes for word in ("icon", "katex", "mjx", "mathjax", "symbols", "fa-")):
        return False
    return has_words("".join(element.itertext()))


def _shows_formula(element: Any) -> bool:
    return next(element.iter("math"), None) is not None


def _hiding_rules(root: Any) -> frozenset[str]:
    """The classes and ids that the page's own style sheets hide, whatever the screen."""
    found: set[str] = set()
    sheets = "\n".join(
        style.text or "" for style in root.getroottree().iter("style") if not style.get("media")
    )[:MOST_STYLE]
    if "none" not in sheets and "hidden" not in sheets:
        return frozenset()
    for selectors, body in _rules(_without_comments(sheets)):
        if _HIDING_STYLE.search(body):
            found.update(_plain_selectors(selectors))
    return frozenset(found)


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """The rules that hold for every medium: none within ``@media`` and the like."""
    depth = place = 0
    selectors = ""
    for brace in _BRACE.finditer(sheets):
        between = sheets[place : brace.start()]
        place = brace.end()
        if brace[0] == "{":
            selectors = between if depth == 0 else ""
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0 and selectors and "@" not in selectors:
            yield selectors, between
        selectors = ""


def _plain_selectors(selectors: str) -> Iterator[str]:
    for selector in selectors.split(","):
        plain = len(selector) <= LONGEST_SELECTOR and _PLAIN_SELECTOR.fullmatch(selector)
        if plain:
            yield plain[1]


def _without_comments(sheets: str) -> str:
    pieces: list[str] = []
    place = 0
    while (start := sheets.find("/*", place)) >= 0:
        pieces.append(sheets[place:start])
        end = sheets.find("*/", start + 2)
        if end < 0:
            return "".join(pieces)
        place = end + 2
    return "".join((*pieces, sheets[place:]))
