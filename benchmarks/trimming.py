"""What trimming and brevity gain: the span reader's quotes with and without the punctuation at
their ends, and without the preference for short ones.

``python -m benchmarks.trimming dev-v1.1.json`` gives the reader each question's own paragraph
and prints exact match and F1 of its best span, in each of these ways.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from qa.evaluation.collection import lone_passage
from qa.evaluation.dataset import Dataset, read_squad
from qa.evaluation.metrics import score
from qa.reading.reader import Reader
from qa.reading.span import SpanReader
from qa.reading.weights import SHIPPED


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    dataset = read_squad(options.squad)
    ways = {
        "trimmed": SpanReader(options.weights, options.threads),
        "untrimmed": SpanReader(options.weights, options.threads, trim=False),
        "whatever_length": SpanReader(options.weights, options.threads, brevity=0.0),
    }
    measured = {name: measures(reader, dataset, options.every) for name, reader in ways.items()}
    sys.stdout.write(json.dumps(measured, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.trimming", description=__doc__)
    parser.add_argument("squad", type=Path, help="a SQuAD file")
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="the span reader's folder")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manyth question only")
    parser.add_argument("--threads", type=int, default=1)
    return parser


def measures(reader: Reader, dataset: Dataset, every: int = 1) -> dict[str, float | int]:
    """Over the questions that have an answer, in percent: exact match and F1, which are blind to
    punctuation, and how many quotes are an annotator's answer to the letter."""
    asked = [
        (question, lone_passage(paragraph.context))
        for article in dataset.articles
        for paragraph in article.paragraphs
        for question in paragraph.questions
        if not question.impossible
    ][::every]
    words = {}
    for question, passage in asked:
        [reading] = reader.read(question.text, [passage])
        quotes = [one.span.of(passage.article.text) for one in reading.candidates[:1]]
        words[question.id] = "".join(quotes)
    scores = score(words, [question for question, _ in asked])
    equal = sum(words[question.id] in question.answers for question, _ in asked)
    return {
        "questions": len(asked),
        "exact_match": scores.exact_match,
        "f1": scores.f1,
        "to_the_letter": 100 * equal / len(asked),
    }


if __name__ == "__main__":
    main()
