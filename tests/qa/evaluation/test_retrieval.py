"""Recall, reciprocal rank, and whether the cited sentence holds the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.retrieval import (
    answer_sentence_accuracy,
    holds_answer,
    mean_reciprocal_rank,
    recall_at,
)

RANKS = [1, 2, None, 5, 1]


@pytest.mark.parametrize(("k", "expected"), [(1, 0.4), (2, 0.6), (4, 0.6), (5, 0.8), (99, 0.8)])
def test_recall_counts_the_gold_among_the_first_k(k: int, expected: float) -> None:
    assert recall_at(RANKS, k) == expected


def test_the_reciprocal_rank_of_what_is_not_found_is_zero() -> None:
    assert mean_reciprocal_rank(RANKS) == pytest.approx((1 + 1 / 2 + 0 + 1 / 5 + 1) / 5)


@given(st.lists(st.none() | st.integers(1, 30), min_size=1), st.integers(1, 30))
def test_recall_never_falls_as_k_grows(ranks: list[int | None], k: int) -> None:
    assert recall_at(ranks, k) <= recall_at(ranks, k + 1)


@given(st.lists(st.none() | st.integers(1, 30), min_size=1))
def test_the_mean_reciprocal_rank_is_at_least_recall_at_one(ranks: list[int | None]) -> None:
    assert recall_at(ranks, 1) - 1e-12 <= mean_reciprocal_rank(ranks) <= 1


def test_a_rank_of_zero_is_an_error() -> None:
    with pytest.raises(ValueError, match="ranks count from 1, not 0"):
        recall_at([0], 1)


def test_recall_at_zero_is_an_error() -> None:
    with pytest.raises(ValueError, match="k counts from 1, not 0"):
        recall_at([1], 0)


def test_no_ranks_cannot_be_averaged() -> None:
    with pytest.raises(ValueError, match="no questions to measure"):
        mean_reciprocal_rank([])


@pytest.mark.parametrize(
    ("sentence", "answer", "expected"),
    [
        ("Built in 1871 by Ada Brandt.", "Ada Brandt", True),
        ("Built in 1871 by Ada\n Brandt.", "Ada  Brandt", True),
        ("It cost $20.", "$20", True),
        ("It is (31 m) tall.", "(31 m)", True),
        ("He was the fourth.", "four", False),
        ("Built in 1920.", "20", False),
        ("They told us.", "US", False),
        ("Anything.", " ", False),
        ("", "Ada", False),
        (None, "Ada", False),
    ],
)
def test_an_answer_stands_in_a_sentence_as_whole_words(
    sentence: str | None, answer: str, expected: bool
) -> None:
    assert holds_answer(sentence, [answer]) is expected


def test_any_of_the_gold_answers_will_do() -> None:
    assert holds_answer("By Brandt.", ["Ada Brandt", "Brandt"])


def test_a_question_without_a_sentence_counts_as_wrong() -> None:
    sentences = ["By Ada Brandt.", None, "In spring."]
    assert answer_sentence_accuracy(sentences, [["Brandt"], ["1871"], ["1871"]]) == 1 / 3


def test_no_sentences_cannot_be_averaged() -> None:
    with pytest.raises(ValueError, match="no questions to measure"):
        answer_sentence_accuracy([], [])
