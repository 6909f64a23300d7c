"""The measure of the forms of answer."""

import json
from pathlib import Path

import pytest

from benchmarks.forms import (
    CaseTurn,
    Outcome,
    as_text,
    judge,
    read_cases,
    run,
    shown,
    summary,
)
from index.article import Article, Paragraph, Span
from index.errors import InputError
from index.sqlite.library import SQLiteLibrary
from qa.answering.answer import Answer, Citation, Quote
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from tests.fakes import FirstWordsReader, WordEmbedder

TEXT = "The toll is 4 euros. The toll was 3 euros. The road is long."
CASE = {
    "library": [{"source": "a.txt", "title": "Toll", "text": TEXT}],
    "turns": [
        {
            "question": "What is the toll?",
            "follows": False,
            "kind": "quote",
            "quotes": [["4 euros"]],
            "must_not": ["3 euros"],
        },
        {
            "question": "qwrtz plkj vbnm",
            "follows": True,
            "kind": "none",
            "quotes": [],
            "must_not": [],
        },
    ],
}


def turn(kind: str, *wanted: str, must_not: tuple[str, ...] = ()) -> CaseTurn:
    return CaseTurn.model_validate(
        {
            "question": "?",
            "follows": False,
            "kind": kind,
            "quotes": [[one] for one in wanted],
            "must_not": must_not,
        }
    )


def answer(*quotes: str) -> Answer:
    article = Article("a", "A", None, None, TEXT, "sha256:0")
    whole = Paragraph(1, Span(0, len(TEXT)), (Span(0, len(TEXT)),))
    cited = [
        Citation(article, whole, Span(TEXT.index(one), TEXT.index(one) + len(one)))
        for one in quotes
    ]
    return Answer(
        "?",
        0.5,
        tuple(Quote((one,), 0.5) for one in cited),
        (),
        (),
        None if quotes else "Nothing.",
        "r",
        "e",
        "s",
    )


@pytest.mark.parametrize(
    ("wanted", "quotes", "outcome"),
    [
        (turn("quote", "4 euros"), ("4 euros",), "right"),
        (turn("quote", "4 euros"), ("The road is long.",), "wrong"),
        (turn("quote", "4 euros"), (), "refused"),
        (turn("quote", "4 euros", must_not=("3 euros",)), ("3 euros",), "misled"),
        (turn("none"), (), "right"),
        (turn("none"), ("4 euros",), "wrong"),
        (turn("help"), (), "right"),
        (turn("list", "4 euros", "3 euros"), ("4 euros",), "wrong"),
        (turn("list", "4 euros", "3 euros"), ("4 euros", "3 euros"), "right"),
        (turn("overview", "The toll is 4 euros.", "x y", "z"), ("The toll is 4 euros.",), "wrong"),
        (turn("overview", "The toll is 4 euros.", "x y"), ("The toll is 4 euros.",), "right"),
    ],
)
def test_an_answer_is_judged_by_its_quotes(
    wanted: CaseTurn, quotes: tuple[str, ...], outcome: Outcome
) -> None:
    assert judge(wanted, answer(*quotes)) == outcome


def test_the_cases_of_a_folder_are_asked_and_counted(tmp_path: Path) -> None:
    (tmp_path / "001.json").write_text(json.dumps(CASE))
    calibration = Calibration(0.0, (0.0,) * len(FEATURES), 0.4, Comparison(1.0))

    def open_answerer(folder: Path) -> Answerer:
        library = SQLiteLibrary(folder, WordEmbedder(), create=True)
        return Answerer(library, FirstWordsReader(), calibration)

    results = list(run(read_cases(tmp_path), open_answerer))
    measures = summary(results)
    assert measures["turns"] == 2
    assert measures["kinds"]["follow-up"] == {"right": 1}
    assert sum(measures["kinds"]["all"].values()) == 2
    assert as_text(measures).splitlines()[0].startswith("all           2  right ")
    assert "What is the toll?" in shown(results[0])


def test_a_file_that_is_no_case_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no cases: name one that does"):
        read_cases(tmp_path)
    (tmp_path / "001.json").write_text('{"library": []}')
    with pytest.raises(InputError, match=r"001\.json is no case: \('turns',\)"):
        read_cases(tmp_path)
