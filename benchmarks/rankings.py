"""How well words, vectors and both fused rank the paragraphs.

``python -m benchmarks.rankings dev-v1.1.json`` makes one library of all paragraphs of the files
and prints recall at 1, 5 and 20 and the mean reciprocal rank of the gold paragraph, each way.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.search.ranking import By
from index.sqlite.library import SQLiteLibrary
from qa.bootstrap import build_embedder
from qa.evaluation.collection import EvaluationQuestion, collected, questions, read_dataset
from qa.evaluation.dataset import Dataset
from qa.evaluation.experiment import DEPTH, rank_of_gold, retrieval_measures
from qa.settings import Settings, read_settings


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.rankings", description=__doc__)
    parser.add_argument("squad", type=Path, nargs="+", help="SQuAD files")
    parser.add_argument("--library", type=Path, help="keep the indexed paragraphs in this folder")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manyth question only")
    options = parser.parse_args(arguments)
    measures = compare_rankings(
        options.squad, options.library, read_settings(), every=options.every
    )
    sys.stdout.write(json.dumps(measures, indent=2) + "\n")


def compare_rankings(
    paths: Sequence[Path],
    folder: Path | None,
    settings: Settings,
    *,
    every: int = 1,
) -> dict[str, Any]:
    """Recall and mean reciprocal rank of words alone, vectors alone, and both fused."""
    datasets = [read_dataset(path, settings.seeds) for path in paths]
    embedder = build_embedder(settings)
    rankings: tuple[By, ...] = ("words", "vectors", "fused")
    with collected(datasets, "library", embedder, folder) as library:
        asked = _placed(datasets, every)
        return {by: retrieval_measures(_ranks(library, asked, by)) for by in rankings} | {
            "questions": len(asked),
            "paragraphs": library.counts()[1],
        }


def _placed(datasets: Sequence[Dataset], every: int) -> list[EvaluationQuestion]:
    placed = [
        asked
        for dataset in datasets
        for asked in questions(dataset, "library")
        if asked.paragraph is not None
    ]
    return placed[::every]


def _ranks(library: SQLiteLibrary, asked: Sequence[EvaluationQuestion], by: By) -> list[int | None]:
    return [rank_of_gold(library.search(one.question.text, DEPTH, by=by), one) for one in asked]


if __name__ == "__main__":
    main()
