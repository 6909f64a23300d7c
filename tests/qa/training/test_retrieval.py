import numpy as np
import pytest

from qa.training.examples import Example
from qa.training.retrieval import WordIndex, hard_negatives

PARAGRAPHS = [
    "Anna Holm built the lighthouse at Grey Point.",
    "The lighthouse at Port Wick was lit by oil.",
    "Anna Holm was born near a lighthouse at Grey Point.",
    "Bread is sold on Mill Street.",
]


def example(question: str, paragraph: int, answer: str) -> Example:
    context = PARAGRAPHS[paragraph]
    start = context.index(answer)
    return Example(question, question, context, ((start, start + len(answer)),), "a")


EXAMPLES = [
    example("Who built the lighthouse at Grey Point?", 0, "Anna Holm"),
    example("What lit the lighthouse at Port Wick?", 1, "oil"),
    example("Where was Anna Holm born?", 2, "near a lighthouse"),
    example("What is sold on Mill Street?", 3, "Bread"),
]


def test_bm25_scores_are_those_of_the_formula() -> None:
    index = WordIndex(["a b b", "b c", "c c c d"])
    idf = np.log1p((3 - 2 + 0.5) / (2 + 0.5))
    expected = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 3))
    assert index.scores(["b", "x"])[:, 0] == pytest.approx([expected, 0])
    assert index.scores(["b b"])[0, 2] == 0


def test_a_negative_ranks_high_and_does_not_hold_the_answer() -> None:
    chosen = hard_negatives(EXAMPLES, keep=2, share=0.6)
    assert chosen[0] == (PARAGRAPHS[1], PARAGRAPHS[3])  # 2 holds "Anna Holm"
    assert all(
        EXAMPLES[i].answers()[0].lower() not in text.lower()
        for i, texts in enumerate(chosen)
        for text in texts
    )


def test_a_question_without_a_rare_word_gets_none() -> None:
    vague = example("Where was the lighthouse?", 1, "Port Wick")
    chosen = hard_negatives([*EXAMPLES, vague], share=0.4)
    assert chosen[-1] == ()
    assert chosen[3] != ()
