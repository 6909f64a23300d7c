"""Decoding: from a window's start and end logits to its best spans of whole words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from index.article import Span
from qa.reading.reader import Candidate
from qa.reading.trimming import trimmed
from qa.reading.windows import Floats, Window
from qa.reading.words import Integers

LONGEST = 40
"""Tokens in a span at most, unless it is a single word."""

SPANS = 40
"""Spans of a window that are looked at, before equal ones are dropped."""

CANDIDATES = 10
"""Candidates of a passage at most."""

BREVITY = 0.3
"""What a span's score loses, times the logarithm of how many words it has: people quote less than
a model that adds up two ends, far from each other, would. ``benchmarks.trimming`` measures it.
"""

_NONE = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class DecodedSpan:
    """Code points into the passage's text, and the margin over the window's null score."""

    span: Span
    score: float


def decode(
    window: Window, start_logits: Floats, end_logits: Floats, brevity: float = BREVITY
) -> list[DecodedSpan]:
    """A window's best spans, best first; equal scores in the order of the text.

    The logits are (row,) or longer. A word starts as well as the best of its tokens does, and
    ends likewise, so that no word is cut. The score is the sum of both logits less that of the
    row's first token, which stands for "not answered here" (Devlin et al. 2019, section 4.3), less
    ``brevity`` times the logarithm of its words: it compares between windows and passages.
    """
    text = window.text
    tokens = slice(window.begin, window.end)
    logits = slice(window.passage, window.passage + window.end - window.begin)
    starts = _best_of_words(start_logits[logits], text.starts[tokens], len(text.words))
    ends = _best_of_words(end_logits[logits], text.ends[tokens], len(text.words))
    whole = (text.first >= window.begin) & (text.last < window.end)
    scores = _span_scores(
        np.where(whole, starts, _NONE), np.where(whole, ends, _NONE), text.first, text.last
    )
    scores -= np.float32(brevity) * np.log1p(np.arange(scores.shape[1], dtype=np.float32))
    null = float(start_logits[0]) + float(end_logits[0])
    return [
        DecodedSpan(
            Span(int(text.words[start, 0]), int(text.words[start + more, 1])),
            float(scores[start, more]) - null,
        )
        for start, more in _highest(scores, SPANS)
    ]


def _best_of_words(logits: Floats, word_of: Integers, count: int) -> Floats:
    best = np.full(count, _NONE, dtype=np.float32)
    np.maximum.at(best, word_of, logits)
    return best


def _span_scores(starts: Floats, ends: Floats, first: Integers, last: Integers) -> Floats:
    """(words, up to ``LONGEST``): the score of the span from word i to word i + j."""
    width = min(LONGEST, len(starts))
    reach = sliding_window_view(np.append(ends, np.full(width - 1, _NONE)), width)
    lasts = sliding_window_view(np.append(last, np.full(width - 1, -1)), width)
    fits = lasts - first[:, np.newaxis] < LONGEST
    fits[:, 0] = True
    return np.where(fits, starts[:, np.newaxis] + reach, _NONE).astype(np.float32)


def _highest(scores: Floats, count: int) -> list[tuple[int, int]]:
    """Row and column of the ``count`` highest scores, best first, ties in their order."""
    flat = scores.ravel()
    possible = int(np.count_nonzero(flat > _NONE))
    count = min(count, possible)
    if count == 0:
        return []
    least = np.partition(flat, -count)[-count]
    among = np.flatnonzero(flat >= least)
    best = among[np.argsort(-flat[among], kind="stable")][:count]
    return [divmod(int(place), scores.shape[1]) for place in best]


def candidates(text: str, spans: Iterable[DecodedSpan]) -> list[Candidate]:
    """The best spans of all windows of a text, trimmed, best first.

    Of spans that overlap and say the same words, but for articles and punctuation, the best is
    kept. A span of punctuation alone is none.
    """
    kept: list[tuple[str, Candidate]] = []
    for scored in sorted(spans, key=lambda scored: (-scored.score, scored.span)):
        span = trimmed(text, scored.span)
        if span is None:
            continue
        said = _said(span.of(text))
        if not any(said == other and _overlap(span, best.span) for other, best in kept):
            kept.append((said, Candidate(span, scored.score)))
        if len(kept) == CANDIDATES:
            break
    return [candidate for _, candidate in kept]


def _said(quote: str) -> str:
    """The quote's words without case, articles and punctuation; all of it if it has no words."""
    words = [word for word in re.findall(r"\w+", quote.casefold()) if word not in _ARTICLES]
    return " ".join(words) or quote


_ARTICLES = frozenset({"a", "an", "the"})


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
