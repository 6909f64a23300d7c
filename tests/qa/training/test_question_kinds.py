"""Fitting the weights that tell the kinds of questions apart."""

from pathlib import Path

import numpy as np
import pytest

from index.errors import InputError
from qa.answering.question_kind import KINDS, KindWeights
from qa.training.question_kinds import as_text, confusion, fit, read_questions

NOUNS = "ferry bridge school tower lake pool mayor choir".split()


def labelled(folder: Path) -> Path:
    """A file with a few questions of every kind."""
    lines = ["kind\tquestion\tdetail"]
    for kind in KINDS:
        outer = {"help": "capability", "library": "capability"}.get(kind, kind)
        outer = "metadata" if kind in ("published", "author", "source", "title") else outer
        detail = kind if outer in ("metadata", "capability") else ""
        lines += [f"{outer}\t{kind} of the {noun}\t{detail}" for noun in NOUNS]
    file = folder / "kinds.tsv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_what_asks_for_data_or_the_service_is_told_apart_by_its_detail(tmp_path: Path) -> None:
    kinds = [kind for _, kind in read_questions(labelled(tmp_path))]
    assert kinds == [kind for kind in KINDS for _ in NOUNS]


def test_a_line_of_no_kind_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kinds.tsv"
    file.write_text("kind\tquestion\tdetail\nquote\tWho won?\t\nriddle\tWhat am I?\t\n", "utf-8")
    with pytest.raises(InputError, match="line 3: 'riddle' is no kind: correct the line"):
        read_questions(file)


def test_the_fitted_weights_know_the_questions_again(tmp_path: Path) -> None:
    questions = read_questions(labelled(tmp_path))
    coefficients, intercepts = fit(questions)
    weights = KindWeights(coefficients, np.array(intercepts, np.float32))
    assert all(weights.kind(question) == kind for question, kind in questions)


def test_every_question_is_counted_once_in_the_confusion_matrix(tmp_path: Path) -> None:
    questions = read_questions(labelled(tmp_path))
    counts = confusion(questions)
    assert counts.sum(axis=1).tolist() == [len(NOUNS)] * len(KINDS)
    assert as_text(counts).splitlines()[-1].endswith(f"of {len(questions)}")
