"""Aligning: where the words of a quote stand in a copy of its paragraph."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from index.article import Span

TELLING_WORDS = 4
"""Words from which on a quote is sure to be the right one, whatever stands beside it."""

LONGEST = 20_000
"""Characters of a paragraph that is laid beside another, at most."""

MOST_PAIRS = 100_000
"""Pairs of equal words in two paragraphs that are compared, at most: some 3,000 words of prose."""

WORD = re.compile(r"\w")
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph: its article's text, and its span in it."""

    text: str
    span: Span

    @property
    def length(self) -> int:
        return self.span.end - self.span.start


def aligned(quote: Span, paragraph: Place, copy: Place) -> Span | None:
    """Where a quote of ``paragraph`` stands in its ``copy``; None when it does not.

    Both paragraphs are laid side by side, word by word, and the quote's words must all have the
    same word beside them, but for case, and nothing between. So that of words that repeat the
    right ones are found, and spaces may differ. A quote of few words needs one beside it that is
    the same too. In paragraphs that are too long to compare, nothing is found.
    """
    if paragraph.span.of(paragraph.text) == copy.span.of(copy.text):
        return quote.moved(copy.span.start - paragraph.span.start)
    if max(paragraph.length, copy.length) > LONGEST:
        return None
    own, others = _Tokens.of(paragraph), _Tokens.of(copy)
    inside = [i for i, s in enumerate(own.spans) if quote.start < s.end and s.start < quote.end]
    if not inside or _effort(own, others) > MOST_PAIRS:
        return None
    first, last = inside[0], inside[-1]
    least = min(own.words_in(first, last + 1) + 1, TELLING_WORDS, own.words_in(0, len(own.spans)))
    for start, other_start, size in _same(own, others):
        if start <= first and last < start + size and own.words_in(start, start + size) >= least:
            shift = other_start - start
            return _place(
                quote,
                (own.spans[first], own.spans[last]),
                (others.spans[first + shift], others.spans[last + shift]),
            )
    return None


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The words and punctuation marks of a paragraph, and how each is compared."""

    spans: list[Span]
    words: list[str]

    @classmethod
    def of(cls, place: Place) -> "_Tokens":
        found = TOKEN.finditer(place.text, place.span.start, place.span.end)
        spans = [Span(*match.span()) for match in found]
        return cls(spans, [span.of(place.text).casefold() for span in spans])

    def words_in(self, start: int, end: int) -> int:
        """How many of the tokens from ``start`` to before ``end`` are no punctuation."""
        return sum(WORD.match(word) is not None for word in self.words[start:end])


def _effort(own: _Tokens, others: _Tokens) -> int:
    """How many pairs of equal words there are: what comparing costs."""
    counts = Counter(others.words)
    return sum(counts[word] for word in own.words)


def _same(own: _Tokens, others: _Tokens) -> list[Match]:
    """The stretches of tokens that are the same in both, each as long as it can be."""
    matcher = SequenceMatcher(None, own.words, others.words, autojunk=False)
    return matcher.get_matching_blocks()


def _place(quote: Span, own: tuple[Span, Span], other: tuple[Span, Span]) -> Span | None:
    """From the first other token to the last, less what the quote leaves out of its own ones."""
    left, right = max(0, quote.start - own[0].start), max(0, own[1].end - quote.end)
    alike = all(a.end - a.start == b.end - b.start for a, b in zip(own, other, strict=True))
    if (left or right) and not alike:
        return None
    return Span(other[0].start + left, other[1].end - right)
