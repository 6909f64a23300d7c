"""Experiments: asking question sets and summing up what came of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Span
from qa.answering.answer import Answer, Citation, Quote
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.evaluation.collection import EvaluationQuestion, collected, questions, read_dataset
from qa.evaluation.dataset import Dataset, Question
from qa.evaluation.experiment import (
    Result,
    ask_all,
    is_right,
    is_right_quote,
    run,
    summary,
)
from qa.reading.sentence import SentenceReader
from qa.settings import Settings
from tests.fakes import WordEmbedder

DATA = Path(__file__).parents[2] / "data" / "squad"
SEEDS = Path(__file__).parents[3] / "seeds"
BY_SCORE = Calibration(-2.0, (6.0, *(0.0 for _ in FEATURES[1:])), 0.5, Comparison(0.0))


@pytest.fixture
def dataset() -> Dataset:
    return read_dataset(DATA / "small-2.0.json", SEEDS)


@pytest.fixture
def answerer(dataset: Dataset, tmp_path: Path) -> Iterator[Answerer]:
    with collected([dataset], "library", WordEmbedder(), tmp_path) as library:
        yield Answerer(library, SentenceReader(), BY_SCORE)


def asked(answers: tuple[str, ...]) -> EvaluationQuestion:
    question = Question("q", "Who?", answers, (), impossible=not answers)
    return EvaluationQuestion(question, 0, "a", 1 if answers else None)


@pytest.mark.parametrize(
    ("quote", "whole", "answers", "right"),
    [
        ("Ada Brandt", False, ("Ada Brandt",), True),
        ("Brandt", False, ("Ada Brandt",), True),
        ("by the engineer Ada", False, ("Ada Brandt",), False),
        ("It was built by Ada Brandt.", True, ("Ada Brandt",), True),
        ("It was built in that year by Ada Brandt.", False, ("Ada Brandt",), False),
        ("Ada Brandt", False, (), False),
    ],
)
def test_a_span_must_overlap_and_a_whole_sentence_must_hold_the_answer(
    quote: str, whole: bool, answers: tuple[str, ...], right: bool
) -> None:
    assert is_right_quote(quote, whole, asked(answers)) is right


def test_no_answer_is_never_right(answerer: Answerer) -> None:
    refused = answerer.ask("Who built the lighthouse?", min_confidence=1.0)
    assert not refused.answered
    assert not is_right(refused, asked(("Ada Brandt",)))


def test_every_question_is_asked_for_its_best_reading(answerer: Answerer, dataset: Dataset) -> None:
    results = list(ask_all(answerer, [dataset], "library"))
    assert [r.asked.question.id for r in results] == [q.id for q in dataset.questions]
    assert all(result.answer.answered for result in results)


def test_every_so_manyth_question_can_be_asked(answerer: Answerer, dataset: Dataset) -> None:
    results = list(ask_all(answerer, [dataset], "library", every=2))
    assert [r.asked.question.id for r in results] == [q.id for q in dataset.questions][::2]


def result(
    one: EvaluationQuestion, text: str, span: Span, confidence: float, answerer: Answerer
) -> Result:
    found = answerer.find(text)
    passage = found.passages[0]
    citation = Citation(passage.article, passage.paragraph, span)
    answer = Answer(
        text, confidence, (Quote((citation,), confidence),), (), (), None, "r", "e", "s"
    )
    return Result(one, answer, 1 if one.paragraph else None)


def test_a_summary_refuses_below_the_threshold_where_some_questions_have_no_answer(
    answerer: Answerer,
) -> None:
    passage = answerer.find("Who built the lighthouse?").passages[0]
    span = passage.paragraph.sentences[0]
    sure = result(asked((span.of(passage.article.text),)), "Who built it?", span, 0.9, answerer)
    unsure = result(asked(()), "Who built the lighthouse?", span, 0.2, answerer)
    unsure = Result(
        EvaluationQuestion(Question("other", "Who?", (), (), impossible=True), 1, "a", None),
        unsure.answer,
        None,
    )
    measures = summary([sure, unsure], "library", threshold=0.5)
    assert measures["f1"] == 100.0
    assert measures["no_answer_accuracy"] == 100.0
    assert measures["has_answer_f1"] == 100.0
    assert measures["abstention_auroc"] == 1.0
    assert measures["recall"] == {"1": 1.0, "5": 1.0, "20": 1.0}
    assert measures["answer_sentence_accuracy"] == 1.0
    assert measures["answered"] == 0.5
    # Confidences 0.9 and 0.2 against right and wrong: (0.1 + 0.2) / 2.
    assert measures["expected_calibration_error"] == pytest.approx(0.15)


def test_in_the_passage_setting_there_is_no_retrieval_to_measure(
    answerer: Answerer,
) -> None:
    passage = answerer.find("Who built the lighthouse?").passages[0]
    span = passage.paragraph.sentences[0]
    one = result(asked((span.of(passage.article.text),)), "Who built it?", span, 0.9, answerer)
    measures = summary([one], "passage", threshold=0.5)
    assert measures["recall"] is None
    assert measures["mrr"] is None
    assert measures["abstention_auroc"] is None


@pytest.mark.model
def test_an_experiment_with_the_real_models_gives_plain_json(tmp_path: Path) -> None:
    settings = Settings(seeds=SEEDS)
    measures = run([DATA / "small-1.1.json"], "library", tmp_path, settings)
    assert json.loads(json.dumps(measures)) == measures
    assert measures["questions"] == 4
    assert measures["answer_sentence_accuracy"] == 1.0
    assert measures["recall"]["1"] == 1.0


@pytest.mark.model
def test_paragraphs_beside_are_searched_and_their_questions_not_asked(tmp_path: Path) -> None:
    asked = read_dataset(DATA / "small-1.1.json", SEEDS).questions
    told = {
        "context": " ".join(question.text for question in asked),
        "qas": [{"id": "none", "question": "Why?", "answers": [], "is_impossible": True}],
    }
    beside = {"data": [{"title": "Elsewhere", "paragraphs": [told]}]}
    file = tmp_path / "beside.json"
    file.write_text(json.dumps(beside), encoding="utf-8")
    alone = run([DATA / "small-1.1.json"], "library", tmp_path / "alone", Settings(seeds=SEEDS))
    both = run(
        [DATA / "small-1.1.json"],
        "library",
        tmp_path / "both",
        Settings(seeds=SEEDS),
        beside=[file],
    )
    assert alone["questions"] == both["questions"] == 4
    assert both["mrr"] < alone["mrr"] == 1.0


def test_questions_of_small_data_have_distinct_ids(dataset: Dataset) -> None:
    ids = [one.question.id for one in questions(dataset, "library")]
    assert len(ids) == len(set(ids)) > 0
