"""Which blocks of a page are its main content.

trafilatura chooses among blocks that are made plain beforehand, so that nothing within a block can
be lost; the blocks themselves are taken from the page. What it leaves out of the midst of what it
chose is then kept as well, unless it looks like navigation or the like.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from index.ingest.loading.markup import Shown
from index.ingest.segmenting import has_words
from index.tables import BAR

BOILERPLATE = "passages around the main text left out"

_MARK = re.compile(r"⸢(\d+)⸣")
_MARK_SIGNS = str.maketrans("", "", "⸢⸣")
_TEXT_LIKE = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd pre summary figcaption".split())
_KEPT_ATTRIBUTES = ("class", "id", "role", "itemprop")

_BOILERPLATE_TAGS = frozenset("nav aside menu search".split())
_BOILERPLATE_ROLES = frozenset(
    "navigation banner contentinfo search complementary menu menubar toolbar dialog alert".split()
)
_BOILERPLATE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|breadcrumbs?|comments?|consent|cookies?|disqus|editsection|jump"
    r"|login|menu|nav|navbar|navbox|navigation|newsletter|outbrain|pager|pagination|popup|promo\w*"
    r"|recommend\w*|related|share|sharing|shariff|sidebar|signup|skip|social|sponsor\w*|subscribe"
    r"|taboola|tags?|teasers?|toc|toolbar|widget)(?=$|[\s_-])",
    re.IGNORECASE,
)
_REGIONS = frozenset(("article", "main"))
_FOOT_OF = frozenset(("article", "main", "blockquote", "figure", "section"))
MOSTLY_LINKS = 0.8
LONGEST_LINKED = 200
LONGEST_LINK = 40
MOST_BLOCKS = 20_000
"""A page of more is no page that trafilatura could choose from in time."""
DEEPEST = 60
"""As deep as elements lie in each other in what trafilatura sees."""
MOST_ROWS = 30
"""Of a table trafilatura sees so many rows: the others go with them."""


def main_content(shown: Sequence[Shown]) -> list[Shown]:
    """The blocks that are main content, in order; all that are no boilerplate when none stands out.

    When nothing but boilerplate is there, it is all that the page shows.
    """
    chosen = _chosen(shown) if len(shown) <= MOST_BLOCKS else set()
    worded = any(has_words(shown[i].block.text) for i in chosen if not shown[i].block.level)
    judge = _Boilerplate()
    if not worded:
        rest = [one for one in shown if not judge.is_boilerplate(one)]
        return rest if any(not one.block.level for one in rest) else list(shown)
    kept = _filled(shown, chosen, judge)
    return _without_menus([one for i, one in enumerate(shown) if i in kept])


def _chosen(shown: Sequence[Shown]) -> set[int]:
    import trafilatura

    page: Any = trafilatura.bare_extraction(
        _made_plain(shown), with_metadata=False, include_comments=False
    )
    if page is None or page.body is None:
        return set()
    found = {int(number) for number in _MARK.findall("".join(page.body.itertext()))}
    tables = {shown[i].element for i in found if i < len(shown) and shown[i].element.tag == "table"}
    return {i for i, one in enumerate(shown) if i in found or one.element in tables}


def _made_plain(shown: Sequence[Shown]) -> Any:
    """A page of the blocks in the elements that hold them, each with its number before it."""
    from lxml import html

    root = html.html_parser.makeelement("html")
    body = root.makeelement("body")
    root.append(body)
    copies: dict[Any, tuple[Any, int]] = {}
    rows: Counter[Any] = Counter()
    for number, one in enumerate(shown):
        text = one.block.text.translate(_MARK_SIGNS)
        if one.element.tag == "table":
            rows[one.element] += 1
            if rows[one.element] > MOST_ROWS:
                continue
            table = _copy(one.element, copies, body)
            row = _child(table, "tr")
            for place, cell in enumerate(text.split(BAR)):
                _child(row, "td").text = f"⸢{number}⸣ {cell}" if place == 0 else cell
            continue
        fresh = one.element not in copies
        place = _copy(one.element, copies, body)
        if not fresh or place.tag not in _TEXT_LIKE:
            place = _child(place, "p")
        place.text = f"⸢{number}⸣ "
        if one.linked:
            link = _child(place, "a")
            link.set("href", "#")
            link.text, link.tail = text[: one.linked], text[one.linked :]
        else:
            place.text += text
    return root


def _copy(element: Any, copies: dict[Any, tuple[Any, int]], body: Any) -> Any:
    """The copy of an element, made with those around it when it is the first to need them."""
    missing: list[Any] = []
    while element is not None and element.tag not in ("body", "html") and element not in copies:
        missing.append(element)
        element = element.getparent()
    place, depth = copies.get(element, (body, 0))
    for original in reversed(missing):
        depth += 1
        if depth <= DEEPEST or original.tag in _TEXT_LIKE or original.tag == "table":
            place = _child(place, original.tag)
            for name in _KEPT_ATTRIBUTES:
                if original.get(name):
                    place.set(name, original.get(name)[:500])
        copies[original] = (place, depth)
    return place


def _child(parent: Any, tag: str) -> Any:
    child = parent.makeelement(tag)
    parent.append(child)
    return child


class _Boilerplate:
    """Tells what is navigation and the like by its elements, their names, and its links."""

    def __init__(self) -> None:
        self._known: dict[Any, bool] = {}

    def is_boilerplate(self, one: Shown) -> bool:
        length = len(one.block.text)
        linked = one.linked > MOSTLY_LINKS * length and length < LONGEST_LINKED
        return (linked and not one.block.level) or self._is_within(one.element)

    def _is_within(self, element: Any) -> bool:
        path: list[Any] = []
        while element is not None and element not in self._known:
            path.append(element)
            element = element.getparent()
        found = self._known[element] if element is not None else False
        for one in reversed(path):
            found = found or _looks_besides(one)
            self._known[one] = found
        return found


def _looks_besides(element: Any) -> bool:
    tag = element.tag
    if tag in ("html", "body", *_REGIONS):
        return False
    if tag in _BOILERPLATE_TAGS or (element.get("role") or "").lower() in _BOILERPLATE_ROLES:
        return True
    if tag in ("footer", "header"):
        return not any(above.tag in _FOOT_OF for above in element.iterancestors())
    names = f"{(element.get('class') or '')[:500]} {(element.get('id') or '')[:100]}"
    return len(names) > 1 and _BOILERPLATE_NAMES.search(names) is not None


def _filled(shown: Sequence[Shown], chosen: set[int], judge: _Boilerplate) -> set[int]:
    """The chosen blocks, and those in their midst that belong to them."""
    first, last = min(chosen), max(chosen)
    region = _region([shown[i].element for i in chosen])
    parents = {shown[i].element.getparent() for i in chosen} - {None}
    kept = set(chosen)
    for i, one in enumerate(shown):
        if i in kept or judge.is_boilerplate(one):
            continue
        within = region.tag in _REGIONS and _is_in(one.element, region)
        beside = one.element.getparent() in parents and one.element.tag not in ("body", "html")
        if first < i < last or within or (i > last and beside):
            kept.add(i)
    for i in range(len(shown) - 2, -1, -1):  # a heading goes with what stands below it
        one = shown[i]
        if i + 1 in kept and i not in kept and one.block.level and not judge.is_boilerplate(one):
            kept.add(i)
    return kept


def _without_menus(kept: list[Shown]) -> list[Shown]:
    """The blocks but for links, each one of its own, above the first text and below the last."""
    first, last = 0, len(kept)
    while first < last and _is_link(kept[first]):
        first += 1
    while last > first and _is_link(kept[last - 1]):
        last -= 1
    return kept[first:last] or kept


def _is_link(one: Shown) -> bool:
    text = one.block.text
    return not one.block.level and one.linked >= len(text.strip()) and len(text) < LONGEST_LINK


def _region(elements: Iterable[Any]) -> Any:
    """The innermost element around all, or the ``article`` or ``main`` around that."""
    common: list[Any] | None = None
    for element in dict.fromkeys(elements):
        path = [*reversed(list(element.iterancestors())), element]
        if common is None:
            common = path
            continue
        same = 0
        for left, right in zip(common, path, strict=False):
            if left is not right:
                break
            same += 1
        common = common[:same]
    assert common  # noqa: S101  # the root is around all
    around = [element for element in common if element.tag in _REGIONS]
    return around[-1] if around else common[-1]


def _is_in(element: Any, region: Any) -> bool:
    return element is region or any(above is region for above in element.iterancestors())
