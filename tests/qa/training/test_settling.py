"""Fitting the weights by which a sentence settles a question."""

from pathlib import Path

from benchmarks.forms import Case
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.answering.settle import FEATURE_NAMES
from qa.training.settling import fit, rows_of
from tests.fakes import FirstWordsReader, WordEmbedder

CASE = Case.model_validate(
    {
        "library": [{"source": "a", "text": "The toll is 4 euros. Is it dear? Dogs are banned."}],
        "turns": [
            {
                "question": "What is the toll?",
                "follows": False,
                "kind": "quote",
                "quotes": [["4 euros"]],
                "must_not": [],
            },
            {
                "question": "What is this about?",
                "follows": False,
                "kind": "overview",
                "quotes": [["Dogs are banned."]],
                "must_not": [],
            },
        ],
    }
)


def open_answerer(folder: Path) -> Answerer:
    calibration = Calibration(0.0, (0.0,) * len(FEATURES), 0.4, Comparison(1.0))
    library = SQLiteLibrary(folder, WordEmbedder(), create=True)
    return Answerer(library, FirstWordsReader(), calibration)


def test_each_statement_read_for_a_question_of_one_quote_is_an_example() -> None:
    rows = rows_of(CASE, open_answerer)
    assert [settles for _, settles in rows] == [True, False]
    assert all(len(features) == len(FEATURE_NAMES) for features, _ in rows)


def test_what_goes_with_settling_gets_a_positive_weight() -> None:
    rows = [((0.5 + side, 0.1 * side, side, side, side), side > 0) for side in (-1.0, 1.0)] * 5
    weights = fit(rows)
    assert list(weights) == ["intercept", *FEATURE_NAMES]
    assert all(weights[name] > 0 for name in FEATURE_NAMES)
