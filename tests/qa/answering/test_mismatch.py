"""What a question says that the place of its answer does not."""

import pytest

from qa.answering.mismatch import names_missing, negation_missing, opposites


@pytest.mark.parametrize(
    ("question", "said", "missing"),
    [
        ("Who wrote Emma?", "Jane Austen wrote EMMA in 1815.", 0),
        ("Who wrote Emma in 1816?", "Jane Austen wrote Emma in 1815.", 1),
        ("Where was Emma written by Austen?", "It was written there.", 2),
        ("Emma was written where?", "It was written there.", 0),
        ("WHO WROTE IT?", "She wrote it.", 0),
        ("What is 3M?", "A company.", 1),
        ("Emma or Emma or emma, by Emma?", "", 1),
        ("Wer schrieb Ödland?", "ÖDLAND", 0),
    ],
)
def test_names_and_numbers_of_the_question_that_are_not_said_are_counted(
    question: str, said: str, missing: int
) -> None:
    assert names_missing(question, said) == missing


@pytest.mark.parametrize(
    ("question", "said", "missing"),
    [
        ("Who was not invited?", "Anna was invited.", 1),
        ("Who wasn't invited?", "Anna was invited.", 1),
        ("Who wasn’t invited?", "Anna was invited.", 1),
        ("Who has NEVER come?", "Anna came without Ben.", 0),
        ("Who was not invited?", "Nobody but Anna was invited.", 0),
        ("Who was invited?", "Anna was not invited.", 0),
        ("Where is Notre-Dame, a notable church?", "It is in Paris.", 0),
    ],
)
def test_a_denial_that_is_not_said_counts(question: str, said: str, missing: int) -> None:
    assert negation_missing(question, said) == missing


@pytest.mark.parametrize(
    ("question", "said", "count"),
    [
        ("Who opposed the law?", "Anna supported it.", 1),
        ("Who opposed the law?", "Anna opposed it, Ben supported it.", 0),
        ("What was the FIRST and largest town?", "The last and smallest was Wick.", 2),
        ("Who supports it?", "Anna opposed it.", 0),
        ("Who wrote Emma?", "Jane Austen wrote Emma.", 0),
    ],
)
def test_words_whose_opposite_is_said_are_counted(question: str, said: str, count: int) -> None:
    assert opposites(question, said) == count
