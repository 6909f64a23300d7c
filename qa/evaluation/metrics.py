"""Exact match and F1 as SQuAD defines them, and the threshold on answering that they ask for.

The semantics are those of SQuAD's own script for 2.0 (Rajpurkar, Jia and Liang 2018,
``evaluate-v2.0.py``), which on questions with answers agrees with the one for 1.1 (Rajpurkar et
al. 2016), except where a gold answer has no word left once normalised. An empty prediction means
no answer. One mark lies in 0..1; the aggregates are percent.
"""

import re
import string
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.errors import InputError
from qa.evaluation.dataset import Question

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Marks:
    """One prediction's exact match (0 or 1) and F1 (0..1), each the best over the gold answers."""

    exact_match: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over questions, in percent; None where there is no such question.

    ``no_answer_accuracy`` is the share of impossible questions that got no answer.
    """

    exact_match: float
    f1: float
    has_answer_exact_match: float | None
    has_answer_f1: float | None
    no_answer_accuracy: float | None
    questions: int
    answerable: int
    impossible: int


@dataclass(frozen=True, slots=True)
class BestF1:
    """The threshold with the highest F1, and the scores with it.

    A question is answered when its no-answer score is at most ``threshold``; minus infinity
    answers none.
    """

    threshold: float
    scores: Scores


@dataclass(frozen=True, slots=True)
class CrossValidated:
    """Scores pooled over all folds, and the threshold that each group was judged with."""

    scores: Scores
    thresholds: Mapping[Hashable, float]


def normalise(text: str) -> str:
    """Lower the case, drop ASCII punctuation and the words a, an, the; single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, gold: str) -> float:
    """1 when both are the same once normalised, else 0."""
    return float(normalise(prediction) == normalise(gold))


def f1(prediction: str, gold: str) -> float:
    """Harmonic mean of precision and recall over the bags of normalised words, in 0..1.

    When either has no words, 1 if both have none, else 0.
    """
    predicted, expected = normalise(prediction).split(), normalise(gold).split()
    if not predicted or not expected:
        return float(predicted == expected)
    common = (Counter(predicted) & Counter(expected)).total()
    return 2 * common / (len(predicted) + len(expected))


def judge(prediction: str, question: Question) -> Marks:
    """The best marks over the gold answers that have words; over the empty one if none has."""
    golds = [answer for answer in question.answers if normalise(answer)] or [""]
    return Marks(
        max(exact_match(prediction, gold) for gold in golds),
        max(f1(prediction, gold) for gold in golds),
    )


def score(predictions: Mapping[str, str], questions: Sequence[Question]) -> Scores:
    """Judge the prediction for every question, by id; an empty text is no answer.

    Raises InputError when a question has no prediction: SQuAD's script would leave it out and
    so score higher. Predictions for other questions are ignored.
    """
    marks = _judge_all(predictions, questions)
    answerable = np.array([not question.impossible for question in questions])
    exact, overlap = marks.mean(axis=0)
    has_exact, has_overlap = _means(marks[answerable])
    return Scores(
        exact_match=100 * float(exact),
        f1=100 * float(overlap),
        has_answer_exact_match=has_exact,
        has_answer_f1=has_overlap,
        no_answer_accuracy=_means(marks[~answerable])[0],
        questions=len(questions),
        answerable=int(answerable.sum()),
        impossible=int((~answerable).sum()),
    )


def refuse_above(
    predictions: Mapping[str, str], no_answer_scores: Mapping[str, float], threshold: float
) -> dict[str, str]:
    """The predictions, emptied where the no-answer score is above the threshold."""
    return {
        id_: "" if no_answer_scores[id_] > threshold else prediction
        for id_, prediction in predictions.items()
    }


def best_f1(
    predictions: Mapping[str, str],
    no_answer_scores: Mapping[str, float],
    questions: Sequence[Question],
) -> BestF1:
    """The highest F1 that any threshold on the no-answer score reaches on these same questions.

    ``predictions`` hold each question's best span, whatever its no-answer score (on any scale,
    higher is less answerable). As in SQuAD's script the thresholds tried are the scores
    themselves and one below all; questions of equal score are answered or refused together. Of
    equally good thresholds the lowest is taken. It is an upper bound: the threshold has seen
    the questions.
    """
    threshold = _best_threshold(_Outcomes.of(predictions, no_answer_scores, questions))
    asked = {question.id: predictions[question.id] for question in questions}
    refused = refuse_above(asked, no_answer_scores, threshold)
    return BestF1(threshold, score(refused, questions))


def cross_validated_f1(
    predictions: Mapping[str, str],
    no_answer_scores: Mapping[str, float],
    questions: Sequence[Question],
    groups: Mapping[str, Hashable],
) -> CrossValidated:
    """Scores when each group (an article, say) is judged by a threshold found on all the others.

    ``groups`` maps each question's id to its group; every group is a fold, so that no threshold
    has seen a question it is applied to. The rest is as in best_f1.
    """
    outcomes = _Outcomes.of(predictions, no_answer_scores, questions)
    of_question = [groups[question.id] for question in questions]
    folds = list(dict.fromkeys(of_question))
    if len(folds) < 2:
        raise ValueError("cross-validation needs questions of at least two groups")
    number = np.array([folds.index(group) for group in of_question])
    thresholds = {
        fold: _best_threshold(outcomes.only(number != position))
        for position, fold in enumerate(folds)
    }
    refused = {
        question.id: ""
        if no_answer_scores[question.id] > thresholds[group]
        else predictions[question.id]
        for question, group in zip(questions, of_question, strict=True)
    }
    return CrossValidated(score(refused, questions), thresholds)


_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """For each question its no-answer score and its F1 if answered and if refused: shape (n,)."""

    no_answer: _Floats
    answered: _Floats
    refused: _Floats

    @classmethod
    def of(
        cls,
        predictions: Mapping[str, str],
        no_answer_scores: Mapping[str, float],
        questions: Sequence[Question],
    ) -> "_Outcomes":
        answered = _judge_all(predictions, questions)[:, 1]
        refused = np.array([judge("", question).f1 for question in questions])
        no_answer = np.array([no_answer_scores[question.id] for question in questions], float)
        if np.isnan(no_answer).any():
            raise ValueError("a no-answer score is not a number")
        return cls(no_answer, answered, refused)

    def only(self, chosen: npt.NDArray[np.bool_]) -> "_Outcomes":
        return _Outcomes(self.no_answer[chosen], self.answered[chosen], self.refused[chosen])


def _best_threshold(outcomes: _Outcomes) -> float:
    thresholds, place = np.unique(outcomes.no_answer, return_inverse=True)
    gains = np.bincount(place, outcomes.answered - outcomes.refused, len(thresholds))
    # Rounded, so that sums which are equal but for the order of adding count as equal.
    totals = np.round(np.cumsum([0.0, *gains]), 9)
    return float([-np.inf, *thresholds][int(totals.argmax())])


def _judge_all(predictions: Mapping[str, str], questions: Sequence[Question]) -> _Floats:
    """Exact match and F1 of each question, 0..1: shape (n, 2)."""
    if not questions:
        raise ValueError("there are no questions to score")
    missing = [question.id for question in questions if question.id not in predictions]
    if missing:
        raise InputError(
            f"{len(missing)} of {len(questions)} questions have no prediction, the first is "
            f"{missing[0]!r}: predict an empty text where there is no answer",
            "predictions",
        )
    marks = (judge(predictions[question.id], question) for question in questions)
    return np.array([(mark.exact_match, mark.f1) for mark in marks])


def _means(marks: _Floats) -> tuple[float | None, float | None]:
    """The two columns' means in percent, or nothing over nothing."""
    if not len(marks):
        return None, None
    exact, overlap = marks.mean(axis=0)
    return 100 * float(exact), 100 * float(overlap)
