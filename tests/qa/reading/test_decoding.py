import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Span
from qa.reading.decoding import LONGEST, SPANS, DecodedSpan, candidates, decode
from qa.reading.windows import Frame, Window, tokenised, windows
from tests.qa.reading.conftest import tokenizer

FRAME = Frame((2,), (3,), (3,))
TEXT = "Clara Voss, in Oslo, sells 1,000 rye bread " * 4


def all_windows(text: str, max_length: int) -> list[Window]:
    found = tokenised(tokenizer(), text)
    return windows(FRAME.question([7, 8], max_length), [found], FRAME, max_length)


def slowly(window: Window, start: list[float], end: list[float]) -> list[tuple[float, int, int]]:
    """Every span of whole words, by trying all pairs: minus its score, start and end."""
    text, null, found = window.text, start[0] + end[0], []
    for i, (first, _) in enumerate(text.words):
        for j in range(i, len(text.words)):
            inner = range(text.first[i], text.last[j] + 1)
            if inner.start < window.begin or inner.stop > window.end:
                continue
            if len(inner) > LONGEST and i != j:
                continue
            shift = window.passage - window.begin
            starts = max(start[shift + p] for p in range(text.first[i], text.last[i] + 1))
            ends = max(end[shift + p] for p in range(text.first[j], text.last[j] + 1))
            found.append((null - starts - ends, int(first), int(text.words[j, 1])))
    return sorted(found)


@given(st.integers(0, 2**32 - 1), st.sampled_from([24, 40, 384]))
def test_decoding_agrees_with_trying_all_pairs(seed: int, max_length: int) -> None:
    random = np.random.default_rng(seed)
    for window in all_windows(TEXT, max_length):
        # Small whole numbers, so that there are ties and the sums are exact.
        start, end = random.integers(-3, 4, (2, len(window.row))).astype(np.float32)
        expected = slowly(window, start.tolist(), end.tolist())[:SPANS]
        found = decode(window, start, end, brevity=0.0)
        assert [(-one.score, one.span.start, one.span.end) for one in found] == expected


def test_padding_is_not_looked_at() -> None:
    (window,) = all_windows("Clara", 64)
    logits = np.array([0, 0, 0, 0, 1, 0, 99, 99], np.float32)
    assert decode(window, logits, logits) == [DecodedSpan(Span(0, 5), 2.0)]


def test_a_span_loses_with_the_logarithm_of_its_words() -> None:
    (window,) = all_windows("Clara Voss in", 64)
    start, end = np.full((2, len(window.row)), -9, np.float32)
    start[0] = end[0] = 0
    start[window.passage] = end[window.passage] = 4
    end[window.passage + 3] = 4.5

    def best(brevity: float) -> DecodedSpan:
        return decode(window, start, end, brevity)[0]

    assert best(0.0) == DecodedSpan(Span(0, 13), 8.5)
    assert best(0.4).span == Span(0, 13)
    assert best(0.4).score == pytest.approx(8.5 - 0.4 * np.log(3))
    assert best(0.5) == DecodedSpan(Span(0, 5), 8.0)


def test_a_word_of_more_than_the_most_tokens_may_stand_alone() -> None:
    number = "1" + ",000" * LONGEST
    (window,) = all_windows(number, 384)
    zeros = np.zeros(len(window.row), np.float32)
    assert [one.span for one in decode(window, zeros, zeros)] == [Span(0, len(number))]


@pytest.mark.parametrize("other", [Span(4, 8), Span(0, 9)])
def test_only_overlapping_spans_can_say_the_same(other: Span) -> None:
    text = "the Oslo, Oslo"
    spans = [DecodedSpan(Span(0, 8), 3), DecodedSpan(other, 2), DecodedSpan(Span(10, 14), 1)]
    assert [c.span for c in candidates(text, spans)] == [Span(0, 8), Span(10, 14)]
