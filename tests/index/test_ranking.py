"""Signals and their fusion, against plain loops."""

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding import EmbeddedQuery, Floats, SentenceNumbers, signs
from index.ranking import Signals, Weights, fuse, late_interaction, share_of_best

D = 16


def _array(*values: float) -> Floats:
    return np.array(values, dtype=np.float32)


def _unit_rows(rng: np.random.Generator, count: int) -> Floats:
    rows = rng.standard_normal((count, D)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _query(rng: np.random.Generator, tokens: int) -> EmbeddedQuery:
    rows = _unit_rows(rng, tokens)
    return EmbeddedQuery(_unit_rows(rng, 1)[0], rows, np.arange(tokens, dtype=np.int32))


def _reference(
    query: EmbeddedQuery, rarity: Floats, states: Floats, numbers: SentenceNumbers
) -> tuple[float, float]:
    """Late interaction by its definition, over the signs of a paragraph's token vectors."""

    def mean_of_greatest(tokens: NDArray[np.float64]) -> float:
        total = 0.0
        for asked, weight in zip(query.tokens, rarity, strict=True):
            total += float(weight) * max(float(asked @ token) for token in tokens)
        return total / float(rarity.sum())

    tokens = np.where(states > 0, 1.0, -1.0) / np.sqrt(D)
    whole = mean_of_greatest(tokens)
    best = max(mean_of_greatest(tokens[numbers == number]) for number in set(numbers.tolist()))
    return whole, best


def test_fusing_adds_the_weighed_signals() -> None:
    signals = Signals(_array(1, 0), _array(0.5, 1), _array(0, 0.25), _array(0.1, 0.2))
    fused = fuse(signals, Weights(words=2, sentences=4, tokens=8, sentence_tokens=10))
    assert fused.tolist() == pytest.approx([2 + 2 + 0 + 1, 0 + 4 + 2 + 2])


def test_chosen_signals_keep_their_rows_together() -> None:
    signals = Signals(_array(1, 2, 3), _array(4, 5, 6), _array(7, 8, 9), _array(0, 1, 2))
    taken = signals.take(np.array([2, 0]))
    assert [a.tolist() for a in (taken.words, taken.sentences, taken.tokens)] == [
        [3, 1],
        [6, 4],
        [9, 7],
    ]
    assert taken.sentence_tokens.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("scores", "shares"),
    [([2.0, 8.0, 0.0], [0.25, 1.0, 0.0]), ([0.0, 0.0], [0.0, 0.0]), ([], [])],
    ids=["scores", "nothing above zero", "nothing"],
)
def test_scores_become_shares_of_the_best(scores: list[float], shares: list[float]) -> None:
    assert share_of_best(_array(*scores)).tolist() == shares


def test_late_interaction_is_the_rarity_weighed_mean_of_the_greatest_similarities() -> None:
    rng = np.random.default_rng(3)
    query, rarity = _query(rng, 5), _array(0.1, 2, 3, 0.5, 1)
    states = [rng.standard_normal((n, D)).astype(np.float32) for n in (1, 7, 30, 2)]
    numbers = [
        np.array(n, np.int32) for n in ([0], [0, 0, 1, 1, 1, 3, 3], [0] * 10 + [1] * 20, [1, 2])
    ]
    paragraphs = [(signs(s), n) for s, n in zip(states, numbers, strict=True)]
    whole, best_sentence = late_interaction(query, rarity, paragraphs)
    expected = [_reference(query, rarity, s, n) for s, n in zip(states, numbers, strict=True)]
    np.testing.assert_allclose(whole, [w for w, _ in expected], atol=1e-6)
    np.testing.assert_allclose(best_sentence, [b for _, b in expected], atol=1e-6)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_paragraph_without_tokens_gets_nothing_and_takes_nothing_from_others(place: int) -> None:
    rng = np.random.default_rng(4)
    query, rarity = _query(rng, 3), _array(1, 1, 1)
    others = [
        (signs(rng.standard_normal((4, D)).astype(np.float32)), np.array([0, 0, 1, 1], np.int32))
        for _ in range(2)
    ]
    alone = late_interaction(query, rarity, others)
    empty = (np.empty((0, D // 8), np.uint8), np.empty(0, np.int32))
    mixed = late_interaction(query, rarity, [*others[:place], empty, *others[place:]])
    for without, signal in zip(alone, mixed, strict=True):
        assert signal[place] == 0
        np.testing.assert_allclose(np.delete(signal, place), without, atol=1e-6)


def test_no_paragraphs_have_no_signals() -> None:
    query = _query(np.random.default_rng(5), 2)
    assert [len(signal) for signal in late_interaction(query, _array(1, 1), [])] == [0, 0]


def test_a_query_without_tokens_interacts_with_nothing() -> None:
    query = EmbeddedQuery(_array(*[0.25] * D), np.empty((0, D), np.float32), np.empty(0, np.int32))
    paragraph = (np.zeros((1, D // 8), np.uint8), np.zeros(1, np.int32))
    whole, best_sentence = late_interaction(query, _array(), [paragraph])
    assert (whole.tolist(), best_sentence.tolist()) == ([0.0], [0.0])
