"""The sentence that settles a question."""

from qa.answering.settle import (
    FITTED,
    SentenceFeatures,
    SentenceWeights,
    sentences,
    settling,
    settling_all,
)
from tests.qa.answering.passages import passages, reading

BY_READING = SentenceWeights(0.0, SentenceFeatures(0.0, 0.0, 1.0, 0.0, 0.0))


def test_the_sentence_with_the_best_reading_settles() -> None:
    (passage,) = passages("The pool is open. The hall stays shut.")
    found = settling([reading(passage, open=1.0, shut=2.0)], BY_READING)
    assert found is not None
    assert found.sentence.words == "The hall stays shut."
    assert found.confidence == 0.8808


def test_neither_questions_nor_tables_settle() -> None:
    found = passages("Is the pool open?\n\nDay | Hours\nMonday | 9")
    assert settling([reading(passage) for passage in found]) is None


def test_the_features_are_seen_beside_the_best_sentence() -> None:
    (passage,) = passages("The pool is open. The hall stays shut.", score=0.4)
    (_, first), (_, second) = sentences([reading(passage, open=1.0)])
    assert first == SentenceFeatures(0.4, 0.0, 1.0, 0.0, 1.0)
    assert second == SentenceFeatures(0.4, 0.0, -12.0, -12.0, 0.0)


def test_a_list_of_sentences_holds_those_near_the_best_in_the_order_of_the_text() -> None:
    (passage,) = passages("Dogs are banned. Tea is served. Smoking is banned.")
    found = settling_all([reading(passage, Dogs=2.0, Smoking=3.0, Tea=-3.0)], BY_READING)
    assert [one.sentence.words for one in found] == ["Dogs are banned.", "Smoking is banned."]


def test_a_list_whose_best_sentence_is_doubtful_is_empty() -> None:
    (passage,) = passages("Dogs are banned. Tea is served.")
    assert settling_all([reading(passage, Dogs=-1.0, Tea=-1.0)], BY_READING) == []


def test_a_sentence_that_the_search_and_the_reader_prefer_is_more_probable() -> None:
    worse = FITTED.probability(SentenceFeatures(0.3, -0.2, -5.0, -4.0, 0.0))
    assert worse < FITTED.probability(SentenceFeatures(0.5, 0.0, 2.0, 0.0, 1.0))
