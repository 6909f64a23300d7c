"""Signals and their fusion, against plain loops."""

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedding.embedder import EmbeddedQuery, Floats, SentenceNumbers, signs
from index.search.late_interaction import SENTENCE, late_interaction, sentence_scores
from index.search.ranking import Signals, Weights, fuse, share_of_best

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
    fused = fuse(signals, Weights(2, 4, 8, 10))
    assert fused.tolist() == pytest.approx([2 + 2 + 0 + 1, 0 + 4 + 2 + 2])


def test_chosen_signals_keep_their_rows_together() -> None:
    signals = Signals(_array(1, 2, 3), _array(4, 5, 6), _array(7, 8, 9), _array(0, 1, 2))
    taken = signals.take(np.array([2, 0]))
    assert [a.tolist() for a in (taken.lexical, taken.dense, taken.late_interaction)] == [
        [3, 1],
        [6, 4],
        [9, 7],
    ]
    assert taken.sentence_interaction.tolist() == [2, 0]


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
    for (bits, sentence_numbers), state in zip(paragraphs, states, strict=True):
        found = late_interaction(query, rarity, bits, sentence_numbers, 4)
        whole, best_sentence = _reference(query, rarity, state, sentence_numbers)
        assert found.whole == pytest.approx(whole, abs=1e-6)
        own = found.sentences[np.unique(sentence_numbers)]
        assert own.max() == pytest.approx(best_sentence, abs=1e-6)


def test_each_sentence_interacts_by_its_own_tokens_alone() -> None:
    rng = np.random.default_rng(4)
    query, rarity = _query(rng, 3), _array(1, 2, 1)
    bits = signs(rng.standard_normal((5, D)).astype(np.float32))
    numbers = np.array([0, 0, 2, 2, 2], np.int32)
    found = late_interaction(query, rarity, bits, numbers, 4)
    first = late_interaction(query, rarity, bits[:2], numbers[:2], 4)
    third = late_interaction(query, rarity, bits[2:], numbers[2:], 4)
    np.testing.assert_allclose(
        found.sentences, [first.whole, 0.0, third.whole, 0.0], atol=1e-6, strict=False
    )


def test_a_paragraph_without_tokens_interacts_with_nothing() -> None:
    query = _query(np.random.default_rng(4), 3)
    empty = (np.empty((0, D // 8), np.uint8), np.empty(0, np.int32))
    found = late_interaction(query, _array(1, 1, 1), *empty, sentences=2)
    assert (found.whole, found.sentences.tolist()) == (0.0, [0.0, 0.0])


def test_a_query_without_tokens_interacts_with_nothing() -> None:
    query = EmbeddedQuery(_array(*[0.25] * D), np.empty((0, D), np.float32), np.empty(0, np.int32))
    bits = np.zeros((1, D // 8), np.uint8)
    found = late_interaction(query, _array(), bits, np.zeros(1, np.int32), 1)
    assert (found.whole, found.sentences.tolist()) == (0.0, [0.0])


def test_a_sentence_scores_by_its_cosine_and_its_tokens() -> None:
    cosines, interactions = _array(0.5, 0.1), _array(0.2, 0.9)
    expected = SENTENCE.dense * cosines + SENTENCE.sentence_interaction * interactions
    np.testing.assert_allclose(sentence_scores(cosines, interactions), expected, atol=1e-7)
