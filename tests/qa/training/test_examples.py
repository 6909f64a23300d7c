import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import InputError
from qa.training.examples import read_examples

ARTICLES = Path(__file__).parents[2] / "data" / "training" / "articles.json"


def squad(**changes: Any) -> dict[str, Any]:
    qa = {"id": "q1", "question": "Who?", "answers": [{"text": "Ann", "answer_start": 0}]}
    paragraph = {"context": "Ann was here.", "qas": [qa | changes]}
    return {"data": [{"title": "Visits", "paragraphs": [paragraph]}]}


def written(folder: Path, content: Any) -> Path:
    file = folder / "some.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def test_each_annotators_answer_is_a_span_of_the_context() -> None:
    first = read_examples(ARTICLES)[0]
    assert first.answers() == ("1871", "in 1871")
    assert first.context[slice(*first.spans[0])] == "1871"


def test_paragraphs_of_one_title_share_their_article() -> None:
    examples = read_examples(ARTICLES)
    assert examples[0].article == examples[5].article != examples[9].article


def test_an_impossible_question_has_no_spans(tmp_path: Path) -> None:
    file = written(tmp_path, squad(is_impossible=True, answers=[]))
    assert [example.spans for example in read_examples(file)] == [()]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"some\.json: not JSON in UTF-8 .*: give a file of the form"),
        ([], r'some\.json: not in SQuAD format, no list "data"'),
        ({"data": []}, "no question: give a file with at least one question"),
        ({"data": [{"title": "Visits"}]}, "article 'Visits' has no list \"paragraphs\""),
        (
            {"data": [{"title": "Visits", "paragraphs": [{"qas": []}]}]},
            "article 'Visits', paragraph 1 has no text \"context\"",
        ),
        (
            squad(answers=[]),
            "article 'Visits', paragraph 1, question 'q1' has no answers: add answers or",
        ),
        (
            squad(answers=[{"text": "Ann", "answer_start": 4}]),
            "question 'q1': the answer 'Ann' does not stand at answer_start 4, where the context "
            "reads 'was': correct answer_start",
        ),
        (squad(answers=[{"text": "Ann"}]), "does not stand at answer_start None"),
        (squad(question=" "), 'paragraph 1 has no text "question"'),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_the_remedy(
    content: Any, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_examples(written(tmp_path, content))
    assert caught.value.field == "files"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json: cannot be read"):
        read_examples(tmp_path / "gone.json")
