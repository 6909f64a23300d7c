"""Experiments: question sets asked of the whole system, and what came of it in figures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.embedding.embedder import Embedder
from index.library import Found
from qa.answering.answer import Answer
from qa.answering.answerer import Answerer
from qa.bootstrap import build_answerer, build_embedder
from qa.evaluation.abstention import (
    adaptive_bins,
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
    refused_negatives,
    reliability_bins,
    risk_coverage,
)
from qa.evaluation.collection import (
    EvaluationQuestion,
    Progress,
    Setting,
    collected,
    questions,
    read_dataset,
)
from qa.evaluation.dataset import Dataset
from qa.evaluation.metrics import (
    Scores,
    cross_validated_f1,
    f1,
    judge,
    refuse_above,
    score,
)
from qa.evaluation.retrieval import (
    answer_sentence_accuracy,
    holds_answer,
    mean_reciprocal_rank,
    recall_at,
)
from qa.settings import Settings

DEPTH = 20
"""How many passages the retrieval's measures look at."""

RIGHT_F1 = 0.5
"""A span counts as right from this F1 with a gold answer on."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question: the best reading, given or not, and the gold paragraph's rank."""

    asked: EvaluationQuestion
    answer: Answer
    rank: int | None

    @property
    def words(self) -> str:
        """The best reading's words, whatever its confidence."""
        return self.answer.answer

    @property
    def right(self) -> bool:
        """Whether giving the best reading would have been right."""
        return is_right(self.answer, self.asked)


def is_right(answer: Answer, asked: EvaluationQuestion) -> bool:
    """Whether an answer is right: a quote of whole sentences must hold a gold answer, a shorter
    one must overlap with one (F1 of at least ``RIGHT_F1``). No answer is right to a question
    that has none."""
    if not answer.citations:
        return False
    best = answer.citations[0]
    return is_right_quote(best.quote, best.span in best.paragraph.sentences, asked)


def is_right_quote(quote: str, whole_sentence: bool, asked: EvaluationQuestion) -> bool:
    """Whether a quote, a whole sentence or a part of one, is right; see ``is_right``."""
    if asked.question.impossible:
        return False
    if whole_sentence and holds_answer(quote, asked.question.answers):
        return True
    return max(f1(quote, gold) for gold in asked.question.answers) >= RIGHT_F1


def run(
    paths: Sequence[Path],
    setting: Setting,
    folder: Path | None,
    settings: Settings,
    *,
    beside: Sequence[Path] = (),
    every: int = 1,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Ask the files' questions and return the measures, ready for JSON.

    In ``passage`` the reader is given the gold paragraph; in ``library`` all paragraphs of the
    files are one library, with those of the files ``beside``, whose questions are not asked, and
    it has to find it. ``folder`` keeps the library for the next time, ``every`` asks only each
    so-manyth question.
    """
    datasets = [read_dataset(path, settings.seeds) for path in paths]
    held = [*datasets, *(read_dataset(path, settings.seeds) for path in beside)]
    with opened(held, setting, folder, settings, on_progress) as answerer:
        results = list(ask_all(answerer, datasets, setting, every, on_progress))
        return summary(results, setting, answerer.calibration.threshold)


@contextmanager
def opened(
    datasets: Sequence[Dataset],
    setting: Setting,
    folder: Path | None,
    settings: Settings,
    on_progress: Progress | None = None,
    embedder: Embedder | None = None,
) -> Iterator[Answerer]:
    """An answerer over the data sets' paragraphs."""
    embedder = embedder or build_embedder(settings)
    with collected(datasets, setting, embedder, folder, on_progress) as library:
        yield build_answerer(settings, library)


def ask_all(
    answerer: Answerer,
    datasets: Sequence[Dataset],
    setting: Setting,
    every: int = 1,
    on_progress: Progress | None = None,
) -> Iterator[Result]:
    """Ask the questions, each for its best reading, whatever the confidence."""
    asked = [one for dataset in datasets for one in questions(dataset, setting)][::every]
    for number, one in enumerate(asked, 1):
        text = one.question.text
        filters = one.only_gold if setting == "passage" else None
        found = answerer.find(text, top_k=DEPTH, filters=filters)
        answer = answerer.answer(text, found, min_confidence=0.0)
        yield Result(one, answer, rank_of_gold(found, one))
        if on_progress:
            on_progress("asking", number, len(asked))


def rank_of_gold(found: Found, asked: EvaluationQuestion) -> int | None:
    """The gold paragraph's rank among the passages, from 1."""
    ranks = (rank for rank, passage in enumerate(found.passages, 1) if asked.is_gold(passage))
    return next(ranks, None)


def summary(results: Sequence[Result], setting: Setting, threshold: float) -> dict[str, Any]:
    """All measures of an experiment.

    ``exact_match`` and ``f1`` are SQuAD's. Where every question has an answer every best reading
    counts; where some have none, those with a confidence below ``threshold`` count as refused.
    """
    asked = [result.asked.question for result in results]
    some_impossible = any(question.impossible for question in asked)
    words = {result.asked.question.id: result.words for result in results}
    doubts = {result.asked.question.id: -result.answer.confidence for result in results}
    given = refuse_above(words, doubts, -threshold) if some_impossible else words
    scores = score(given, asked)
    return {
        "setting": setting,
        "questions": len(results),
        "exact_match": scores.exact_match,
        "f1": scores.f1,
        "has_answer_exact_match": scores.has_answer_exact_match,
        "has_answer_f1": score(words, asked).has_answer_f1,
        "no_answer_accuracy": scores.no_answer_accuracy,
        "threshold": threshold if some_impossible else None,
        "cross_validated": _cross_validated(results, words, doubts) if some_impossible else None,
        "answer_sentence_accuracy": _sentence_accuracy(results),
        **(
            retrieval_measures([r.rank for r in results if r.asked.paragraph is not None])
            if setting == "library"
            else {"recall": None, "mrr": None}
        ),
        **confidence_measures(results, threshold),
    }


def _cross_validated(
    results: Sequence[Result], words: dict[str, str], doubts: dict[str, float]
) -> dict[str, Any] | None:
    """The scores with a threshold found on the other articles, article by article."""
    folds = {result.asked.question.id: result.asked.fold for result in results}
    if len(set(folds.values())) < 2:
        return None
    asked = [result.asked.question for result in results]
    found: Scores = cross_validated_f1(words, doubts, asked, folds).scores
    return asdict(found)


def _sentence_accuracy(results: Sequence[Result]) -> float | None:
    """How often the cited sentence holds a gold answer, of the questions that have one."""
    answerable = [result for result in results if not result.asked.question.impossible]
    if not answerable:
        return None
    cited = [
        result.answer.citations[0].sentence.of(result.answer.citations[0].article.text)
        if result.answer.citations
        else None
        for result in answerable
    ]
    return answer_sentence_accuracy(cited, [result.asked.question.answers for result in answerable])


def retrieval_measures(ranks: Sequence[int | None]) -> dict[str, Any]:
    """Recall at 1, 5 and 20 and the mean reciprocal rank, fractions; None without questions."""
    if not ranks:
        return {"recall": None, "mrr": None}
    return {
        "recall": {str(k): recall_at(ranks, k) for k in (1, 5, DEPTH)},
        "mrr": mean_reciprocal_rank(ranks),
    }


def confidence_measures(results: Sequence[Result], threshold: float) -> dict[str, Any]:
    """How well the confidence tells right from wrong, and answerable from impossible."""
    confidences = [result.answer.confidence for result in results]
    right = [float(result.right) for result in results]
    answerable = [r.answer.confidence for r in results if not r.asked.question.impossible]
    impossible = [r.answer.confidence for r in results if r.asked.question.impossible]
    bins = reliability_bins(confidences, right)
    return {
        "abstention_auroc": auroc(answerable, impossible),
        "right": sum(right) / len(right),
        "right_auroc": auroc(
            [c for c, r in zip(confidences, right, strict=True) if r],
            [c for c, r in zip(confidences, right, strict=True) if not r],
        ),
        "expected_calibration_error": expected_calibration_error(bins),
        "adaptive_calibration_error": expected_calibration_error(adaptive_bins(confidences, right)),
        "area_under_risk_coverage": area_under_risk_coverage(
            risk_coverage(confidences, [1 - value for value in right])
        ),
        "answered": sum(confidence >= threshold for confidence in confidences) / len(results),
        "refused_at_95_answered": (
            refused_negatives(answerable, impossible).refused if answerable and impossible else None
        ),
        "mean_f1_of_best_reading": sum(
            judge(result.words, result.asked.question).f1 for result in results
        )
        / len(results),
    }
