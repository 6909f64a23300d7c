"""How fast five passages are read, on onnxruntime against PyTorch with the same weights.

``python -m benchmarks.reader_speed --squad FILE --hugging-face FOLDER`` takes turns between
three ways of reading, question by question, so that all suffer the same machine:

- the span reader;
- PyTorch in fp32 as transformers' documentation has it: one batch padded to its longest row,
  counting the tokenising and the model but no decoding;
- the Hugging Face reader: PyTorch in fp32 with the span reader's batches and decoding.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from index.article import Passage
from qa.evaluation.collection import lone_passage
from qa.evaluation.dataset import Dataset, read_squad
from qa.reading.hugging_face import LONGEST, HuggingFaceReader
from qa.reading.reader import Reader
from qa.reading.span import SpanReader
from qa.reading.weights import SHIPPED
from qa.reading.windows import OVERLAP

PASSAGES = 5

Read = Callable[[str, Sequence[Passage]], object]


@dataclass(frozen=True, slots=True)
class Task:
    """A question and the passages to read for it."""

    question: str
    passages: tuple[Passage, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    tasks = spread(tasks_of(read_squad(options.squad)), options.questions)
    reader = SpanReader(options.weights, options.threads)
    torch_reader = HuggingFaceReader(str(options.hugging_face), options.threads)
    ways: dict[str, Read] = {
        "onnxruntime": reader.read,
        "pytorch": one_padded_batch(options.hugging_face),
        "pytorch_same_batches": torch_reader.read,
    }
    measured = measures(time_ways(ways, tasks, options.repeats), "onnxruntime")
    measured["same_best_span"] = agreement(reader, torch_reader, tasks)
    sys.stdout.write(json.dumps(measured, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.reader_speed", description=__doc__)
    parser.add_argument("--squad", type=Path, required=True, help="a SQuAD file")
    parser.add_argument(
        "--hugging-face", type=Path, required=True, help="the same weights in Hugging Face layout"
    )
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="the span reader's folder")
    parser.add_argument("--questions", type=int, default=30, help="spread over the file")
    parser.add_argument("--repeats", type=int, default=5, help="rounds, after one to warm up")
    parser.add_argument("--threads", type=int, default=1)
    return parser


def tasks_of(dataset: Dataset) -> list[Task]:
    """Every question with its gold paragraph and those that follow it in the article, the first
    ones after the last; articles of fewer than five paragraphs are left out."""
    found: list[Task] = []
    for article in dataset.articles:
        passages = [lone_passage(paragraph.context) for paragraph in article.paragraphs]
        if len(passages) < PASSAGES:
            continue
        for number, paragraph in enumerate(article.paragraphs):
            around = tuple(islice(passages * 2, number, number + PASSAGES))
            found.extend(Task(question.text, around) for question in paragraph.questions)
    return found


def spread(tasks: Sequence[Task], count: int) -> list[Task]:
    """At most ``count`` tasks at equal distances."""
    step = max(1, len(tasks) // count)
    return list(tasks[::step][:count])


def one_padded_batch(folder: Path) -> Read:
    """PyTorch in fp32 without more ado: a batch of all passages, padded to the longest."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForQuestionAnswering.from_pretrained(
        folder, local_files_only=True, dtype=torch.float32
    ).train(False)

    def read(question: str, passages: Sequence[Passage]) -> object:
        inputs = tokenizer(
            [question] * len(passages),
            [passage.text for passage in passages],
            truncation="only_second",
            max_length=LONGEST,
            stride=OVERLAP,
            return_overflowing_tokens=True,
            padding=True,
            return_tensors="pt",
        )
        inputs.pop("overflow_to_sample_mapping")
        with torch.inference_mode():
            return model(**inputs)

    return read


def time_ways(
    ways: Mapping[str, Read], tasks: Sequence[Task], repeats: int
) -> dict[str, list[float]]:
    """For each way and round, the median seconds for a question; a round to warm up is dropped."""
    medians: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats + 1):
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for task in tasks:
            for name, read in ways.items():
                begun = time.perf_counter()
                read(task.question, task.passages)
                seconds[name].append(time.perf_counter() - begun)
        for name in ways:
            medians[name].append(median(seconds[name]))
    return {name: rounds[1:] for name, rounds in medians.items()}


def measures(medians: Mapping[str, Sequence[float]], ours: str) -> dict[str, Any]:
    """The median milliseconds of every way, and how many times longer than ours it takes: the
    median over the rounds of each round's ratio."""
    return {
        "milliseconds": {name: round(1000 * median(rounds), 1) for name, rounds in medians.items()},
        "times_ours": {
            name: round(median(a / b for a, b in zip(rounds, medians[ours], strict=True)), 2)
            for name, rounds in medians.items()
            if name != ours
        },
    }


def agreement(one: Reader, other: Reader, tasks: Sequence[Task]) -> float:
    """The share of passages in which both readers' best spans are the same: near 1 when they have
    the same weights."""
    pairs = [
        (first.candidates[:1], second.candidates[:1])
        for task in tasks
        for first, second in zip(
            one.read(task.question, task.passages),
            other.read(task.question, task.passages),
            strict=True,
        )
    ]
    same = [[a.span for a in first] == [b.span for b in second] for first, second in pairs]
    return sum(same) / len(same)


if __name__ == "__main__":
    main()
