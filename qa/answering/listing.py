"""Listing: all items that answer a question, wherever they stand, none twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.article import Span
from qa.answering.compare import ScoredSpan, normal
from qa.answering.sentences import sentence_numbers, whole_sentences

MOST_ITEMS = 12
"""Items of a list at most."""

_ENUMERATED = re.compile(r"\s?(?:,\s?(?:and|or|as well as)\s|,\s|;\s|\s(?:and|or)\s)")

_NAME = re.compile(
    r"[A-Z][\w.'’-]*(?: (?:(?:of|de|van|von|the|der) ){0,2}[A-Z][\w.'’-]*){0,5}(?<!\.)"
)

LONGEST_ITEM = 9
"""Words in an item of an enumeration at most; longer ones are clauses."""


def enumerated(text: str, span: Span) -> list[Span]:
    """The items of an enumeration like "A, B and C", or the span alone when it is none.

    Every item is short and begins as the others do: with a capital, a digit or small.
    """
    edges, start = [], span.start
    for joint in _ENUMERATED.finditer(text, span.start, span.end):
        edges.append((start, joint.start()))
        start = joint.end()
    edges.append((start, span.end))
    items = [Span(first, last) for first, last in edges if first < last]
    short = all(len(item.of(text).split()) <= LONGEST_ITEM for item in items)
    return items if len(items) > 1 and short and _alike(text, items) else [span]


def _alike(text: str, items: Sequence[Span]) -> bool:
    """Whether items begin alike, but for the first and last, which a word may introduce."""
    shapes = [_shape(item.of(text)) for item in items]
    return len(set(shapes)) == 1 or (len(items) > 2 and len(set(shapes[1:-1])) == 1)


def _shape(words: str) -> str:
    first = next((sign for sign in words if sign.isalnum()), "")
    return "digit" if first.isdigit() else "capital" if first.isupper() else "small"


def grown(text: str, sentence: Span, span: Span) -> Span:
    """A span with the items that are enumerated with it inside its sentence."""
    end = span.end
    while True:
        joint = _ENUMERATED.match(text, end, sentence.end)
        if joint is None:
            break
        following = _ENUMERATED.search(text, joint.end(), sentence.end)
        stop = following.start() if following else _stop(text, joint.end(), sentence.end)
        name = _NAME.match(text, joint.end(), stop)
        stop = name.end() if name else stop
        item = text[joint.end() : stop]
        if not item.strip() or len(item.split()) > 4 or _shape(item) != _shape(span.of(text)):
            break
        end = stop
    return Span(span.start, end)


def _stop(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" .!?"))


def items(spans: Sequence[ScoredSpan], *, whole: bool) -> list[tuple[ScoredSpan, ScoredSpan]]:
    """The items that scored spans hold, each with the span it was found by, none twice, in the
    order of the passages and the text.

    ``whole`` gives sentences, one for each that holds a span.
    """
    taken: list[tuple[ScoredSpan, ScoredSpan]] = []
    for found in spans:
        for span in _cut(found, whole=whole):
            item = replace(found, candidate=replace(found.candidate, span=span))
            if len(taken) < MOST_ITEMS and all(_differs(item, other) for other, _ in taken):
                taken.append((item, found))
    return sorted(taken, key=lambda pair: (pair[0].rank, pair[0].candidate.span.start))


def _cut(found: ScoredSpan, *, whole: bool) -> Iterator[Span]:
    text, span = found.passage.article.text, found.candidate.span
    if whole:
        yield whole_sentences(found.passage, span)
        return
    numbers = sentence_numbers(found.passage, span)
    sentence = found.passage.paragraph.sentences[numbers[-1]] if numbers else span
    yield from enumerated(text, grown(text, sentence, span))


def _differs(item: ScoredSpan, other: ScoredSpan) -> bool:
    a, b = item.candidate.span, other.candidate.span
    if item.passage is other.passage and a.start < b.end and b.start < a.end:
        return False
    return normal(item.words) != normal(other.words)


def asks_sentences(spans: Sequence[ScoredSpan]) -> bool:
    """Whether the best spans say something each rather than name something."""
    best = spans[:3]
    return bool(best) and sum(len(span.words.split()) > 6 for span in best) * 2 > len(best)
