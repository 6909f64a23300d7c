"""How well the right paragraph and the right sentence are found. Every figure is in 0..1."""

import re
from collections.abc import Sequence


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """The share of questions whose gold paragraph is among the first ``k``.

    ``ranks`` holds the gold paragraph's rank for each question, from 1, and None where it was
    not found.
    """
    if k < 1:
        raise ValueError(f"k counts from 1, not {k}")
    return sum(rank is not None and rank <= k for rank in _checked(ranks)) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """The mean of 1 / rank, 0 where not found (Voorhees 1999, the TREC-8 QA track report)."""
    return sum(0.0 if rank is None else 1 / rank for rank in _checked(ranks)) / len(ranks)


def holds_answer(sentence: str | None, answers: Sequence[str]) -> bool:
    """Whether a gold answer stands in the sentence, as whole words and in the same case.

    Runs of white space count as one space. ``"four"`` does not stand in ``"the fourth"``. No
    sentence (None) holds no answer.
    """
    text = " ".join((sentence or "").split())
    wanted = (" ".join(answer.split()) for answer in answers)
    return any(re.search(rf"(?<!\w){re.escape(gold)}(?!\w)", text) for gold in wanted if gold)


def answer_sentence_accuracy(
    sentences: Sequence[str | None], answers: Sequence[Sequence[str]]
) -> float:
    """The share of questions whose cited sentence holds a gold answer (see holds_answer).

    Both are in the order of the questions, which should be the answerable ones; a question that
    got no answer has no sentence (None) and counts as wrong.
    """
    pairs = list(zip(sentences, answers, strict=True))
    if not pairs:
        raise ValueError("there are no questions to measure")
    return sum(holds_answer(sentence, golds) for sentence, golds in pairs) / len(pairs)


def _checked(ranks: Sequence[int | None]) -> Sequence[int | None]:
    if not ranks:
        raise ValueError("there are no questions to measure")
    for rank in ranks:
        if rank is not None and rank < 1:
            raise ValueError(f"ranks count from 1, not {rank}")
    return ranks
