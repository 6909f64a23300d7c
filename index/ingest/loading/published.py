"""When a page was published: only where it says so, and only if that can be read in one way."""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.ingest.dates import day_of

_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article.published",
    "published_time",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "dc.date.published",
    "prism.publicationdate",
    "date",
)
"""The names of metadata that give the date of publication, the surest first."""

_SAID = re.compile(
    r"\s*(?:first\s+)?(?:published|posted|publication date|date published)(?:\s+on)?\s*:?\s+"
    r"(?:on\s+)?([^|•·;()]{6,60})",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"(?<!\s)(?:(?:\s*+,)?\s++(?:at|by|in|updated?|last|modified|and|\d{1,2}[:.]\d\d)\b"
    r"|\s*+[|•·–—]|\s*+,\s*+(?=[A-Za-z]))",
    re.IGNORECASE,
)
_BESIDES = frozenset(("aside", "nav", "footer"))
_ARTICLES = ("article", "posting", "report", "webpage", "creativework", "review")
DEEPEST = 20
LONGEST_JSON = 1_000_000


def published_of(root: Any) -> tuple[str | None, str]:
    """The ISO day and where on the page, an element of lxml's, it stands; or None and ``""``.

    Two dates in one kind of place that differ are none, for either may be another article's.
    """
    for where, days in _places(root):
        found = set(days)
        if len(found) == 1:
            day = found.pop()
            if day:
                return day, where
        elif len(found - {None}) > 1:
            return None, ""
    return None, ""


def _places(root: Any) -> Iterator[tuple[str, list[str | None]]]:
    named: dict[str, list[str | None]] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _META:
            named.setdefault(name.lower(), []).append(day_of(meta.get("content")))
    for name in _META[:2]:
        yield f"<meta {name}>", named.get(name, [])[:1]
    yield "its JSON-LD", list(_of_json(root))
    for name in _META[2:]:
        yield f"<meta {name}>", named.get(name, [])[:1]
    yield "datePublished", [day_of(_value(one)) for one in _marked(root)]
    yield "the words 'published on'", list(_said(root))
    yield "the time above the text", list(_of_head(root))


def _of_json(root: Any) -> Iterator[str | None]:
    for script in root.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind == "application/ld+json" and len(script.text or "") <= LONGEST_JSON:
            try:
                data = json.loads(script.text or "")
            except (ValueError, RecursionError):
                continue
            yield from _dates_in(data, 0)


def _dates_in(data: Any, depth: int) -> Iterator[str | None]:
    """Those of articles, not of what an article has, such as its comments and pictures."""
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        for one in data:
            yield from _dates_in(one, depth + 1)
    elif isinstance(data, dict):
        kind = str(data.get("@type", "")).lower()
        if "datePublished" in data and any(word in kind for word in _ARTICLES):
            yield day_of(data["datePublished"])
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(data.get(key), dict | list):
                yield from _dates_in(data[key], depth + 1)


def _marked(root: Any) -> Iterator[Any]:
    for element in root.iter("time", "span", "div", "p", "abbr"):
        said = element.get("itemprop") == "datePublished" or (
            element.tag == "time" and element.get("pubdate") is not None
        )
        if said and not _is_besides(element):
            yield element


def _value(element: Any) -> str:
    return element.get("datetime") or element.get("content") or "".join(element.itertext())


def _said(root: Any) -> Iterator[str | None]:
    """What is called published in a short text of its own."""
    for element in root.iter("p", "div", "span", "time", "li", "dd", "small", "address"):
        text = "".join(element.itertext()) if len(element) < 5 else ""
        if 10 < len(text) < 200 and not _is_besides(element):
            said = _SAID.match(text)
            if said:
                yield day_of(_PARTED.split(said[1].strip(), maxsplit=1)[0]) or day_of(
                    _day_with_year(said[1].strip())
                )


def _day_with_year(text: str) -> str:
    """``March 4, 2026 by Ida``: up to the year."""
    year = re.search(r"\b\d{4}\b", text)
    return text[: year.end()] if year else text


def _of_head(root: Any) -> Iterator[str | None]:
    """A time in the header of the page's only article, or in a line of its own above its text."""
    articles = list(root.iter("article"))
    if len(articles) != 1:
        return
    for element in articles[0].iter():
        if element.tag == "p" and len("".join(element.itertext())) > 100:
            return
        if element.tag == "time" and element.get("datetime") and _stands_alone(element):
            yield day_of(element.get("datetime"))


def _stands_alone(element: Any) -> bool:
    parent = element.getparent()
    around = "".join(parent.itertext()) if parent is not None and parent.tag != "article" else ""
    return len(around) < 100 and not _is_besides(element)


def _is_besides(element: Any) -> bool:
    return any(
        above.tag in _BESIDES
        or "related" in (above.get("class") or "")
        or "comment" in (above.get("class") or "")
        for above in element.iterancestors()
    )
