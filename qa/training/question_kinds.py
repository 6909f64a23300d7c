"""Fits the weights that tell the kinds of questions apart.

``python -m qa.training.question_kinds`` prints the confusion matrix of a cross-validation over the
questions of ``qa/training/data/question_kinds.tsv``; ``--write FILE`` also fits on all of them and
writes the weights.
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from index.errors import InputError
from qa.answering.question_kind import BUCKETS, KINDS, Floats, Kind, features, to_json

DATA = Path(__file__).with_name("data") / "question_kinds.tsv"

FOLDS = 5

STRENGTH = 30.0
"""The inverse of the penalty on large weights."""

Labelled = tuple[str, Kind]


def read_questions(path: Path) -> list[Labelled]:
    """Questions with their kinds. Raises ``InputError`` naming the line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_labelled(row, path, number) for number, row in enumerate(rows, 2)]


def _labelled(row: dict[str, str], path: Path, number: int) -> Labelled:
    """What asks for metadata or for the service is told apart by its detail."""
    kind = row["detail"] if row["kind"] in ("metadata", "capability") else row["kind"]
    if kind not in get_args(Kind):
        raise InputError(f"{path}, line {number}: {kind!r} is no kind: correct the line", "file")
    return row["question"], cast(Kind, kind)


def fit(labelled: Sequence[Labelled]) -> tuple[Floats, list[float]]:
    """Coefficients (kinds, buckets) and intercepts (kinds,)."""
    # scikit-learn takes seconds to import, and only a fit needs it.
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    found = [features(question) for question, _ in labelled]
    ends = np.cumsum([0, *(len(numbers) for numbers, _ in found)])
    rows = csr_matrix(
        (
            np.concatenate([values for _, values in found]),
            np.concatenate([numbers for numbers, _ in found]),
            ends,
        ),
        shape=(len(found), BUCKETS),
    )
    truth = [KINDS.index(kind) for _, kind in labelled]
    model = LogisticRegression(C=STRENGTH, max_iter=80, tol=1e-3).fit(rows, truth)
    return model.coef_.astype(np.float32), model.intercept_.tolist()


def confusion(labelled: Sequence[Labelled]) -> NDArray[np.int64]:
    """(kinds, kinds): how often a question of the row's kind was taken for the column's, by
    weights that were fitted without it."""
    from qa.answering.question_kind import KindWeights

    counts = np.zeros((len(KINDS), len(KINDS)), np.int64)
    for fold in range(FOLDS):
        coefficients, intercepts = fit([q for n, q in enumerate(labelled) if n % FOLDS != fold])
        weights = KindWeights(coefficients, np.array(intercepts, np.float32))
        for question, kind in labelled[fold::FOLDS]:
            counts[KINDS.index(kind), KINDS.index(weights.kind(question))] += 1
    return counts


def as_text(counts: NDArray[np.int64]) -> str:
    """The confusion matrix as a table, with each kind's recall and precision."""
    short = [kind[:6] for kind in KINDS]
    lines = [f"{'asked':12}" + "".join(f"{name:>8}" for name in short) + "  recall"]
    for number, kind in enumerate(KINDS):
        recall = counts[number, number] / max(counts[number].sum(), 1)
        lines.append(
            f"{kind:12}" + "".join(f"{count:8}" for count in counts[number]) + f"{recall:8.2f}"
        )
    precisions = np.diag(counts) / np.maximum(counts.sum(axis=0), 1)
    lines.append(f"{'precision':12}" + "".join(f"{value:8.2f}" for value in precisions))
    lines.append(f"right: {np.trace(counts) / counts.sum():.1%} of {counts.sum()}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the confusion matrix. Raises ``InputError``."""
    parser = argparse.ArgumentParser("python -m qa.training.question_kinds", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="tab-separated: kind, question")
    parser.add_argument("--write", type=Path, help="fit on all questions, write the weights here")
    given = parser.parse_args(arguments)
    labelled = read_questions(given.data)
    sys.stdout.write(as_text(confusion(labelled)) + "\n")
    if given.write:
        given.write.write_text(json.dumps(to_json(*fit(labelled))) + "\n", "utf-8")


if __name__ == "__main__":
    main()
