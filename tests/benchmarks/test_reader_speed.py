import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForQuestionAnswering

from benchmarks.reader_speed import (
    agreement,
    main,
    measures,
    spread,
    tasks_of,
    time_ways,
)
from index.article import Passage
from qa.evaluation.dataset import Article, Dataset, Paragraph, Question
from qa.reading.reader import Reading
from qa.reading.weights import MODEL, TOKENIZER, write_manifest
from qa.training.export import export_onnx
from tests.fakes import FirstWordsReader
from tests.qa.reading.conftest import tokenizer


def dataset(paragraphs: int) -> Dataset:
    return Dataset(
        "",
        (
            Article(
                "",
                tuple(
                    Paragraph(
                        f"Clara sells {number} bread.",
                        (Question(str(number), f"who sells {number}", ("Clara",), (0,), False),),
                    )
                    for number in range(paragraphs)
                ),
            ),
        ),
    )


def test_five_paragraphs_are_read_from_the_gold_one_on() -> None:
    *_, last = tasks_of(dataset(6))
    assert last.question == "who sells 5"
    assert [passage.text.split()[2] for passage in last.passages] == ["5", "0", "1", "2", "3"]


def test_articles_of_few_paragraphs_are_left_out() -> None:
    assert tasks_of(dataset(4)) == []


def test_questions_are_spread_over_the_file() -> None:
    chosen = spread(tasks_of(dataset(10)), 3)
    assert [task.question[-1] for task in chosen] == ["0", "3", "6"]


def test_the_warm_up_round_is_not_counted() -> None:
    asked: list[str] = []

    def read(question: str, passages: object) -> None:
        asked.append(question)

    times = time_ways({"one": read}, tasks_of(dataset(5)), repeats=2)
    assert len(times["one"]) == 2
    assert len(asked) == 3 * 5


def test_ratios_are_taken_round_by_round() -> None:
    measured = measures({"ours": [1.0, 2.0, 1.0], "other": [2.0, 4.0, 9.0]}, "ours")
    assert measured["times_ours"] == {"other": 2.0}
    assert measured["milliseconds"] == {"ours": 1000.0, "other": 4000.0}


class Silent:
    """A reader that finds nothing."""

    name = "silent"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return [Reading(passage, ()) for passage in passages]


def test_agreement_is_the_share_of_equal_best_spans() -> None:
    tasks = tasks_of(dataset(5))
    assert agreement(FirstWordsReader(), FirstWordsReader(), tasks) == 1.0
    assert agreement(FirstWordsReader(), Silent(), tasks) == 0.0


def test_the_command_prints_times_and_ratios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = BertConfig(
        vocab_size=tokenizer().get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    torch.manual_seed(0)
    model = BertForQuestionAnswering(config)
    model.save_pretrained(tmp_path)
    export_onnx(model, tmp_path / MODEL)
    tokenizer().save(str(tmp_path / TOKENIZER))
    write_manifest(tmp_path, "tiny", 384)
    squad = tmp_path / "squad.json"
    squad.write_text(json.dumps(squad_json(dataset(5))))
    main([f"--squad={squad}", f"--weights={tmp_path}", f"--hugging-face={tmp_path}", "--repeats=1"])
    printed = json.loads(capsys.readouterr().out)
    assert set(printed["times_ours"]) == {"pytorch", "pytorch_same_batches"}
    assert printed["same_best_span"] == 1.0


def squad_json(dataset: Dataset) -> object:
    return {
        "data": [
            {
                "paragraphs": [
                    {
                        "context": paragraph.context,
                        "qas": [
                            {
                                "id": question.id,
                                "question": question.text,
                                "answers": [{"text": "Clara", "answer_start": 0}],
                            }
                            for question in paragraph.questions
                        ],
                    }
                    for paragraph in article.paragraphs
                ]
            }
            for article in dataset.articles
        ]
    }
