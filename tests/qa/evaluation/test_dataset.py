"""Reading question sets, and refusing what is not one."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import InputError, UnreadableFile
from qa.evaluation.dataset import (
    Dataset,
    PlacedQuestion,
    Question,
    QuestionList,
    read,
    read_question_list,
    read_squad,
)

SMALL = Path(__file__).parents[2] / "data" / "squad"
CONTEXT = "Ada Brandt built it."


def squad(path: Path, *questions: dict[str, Any], context: str = CONTEXT) -> Path:
    """Write a SQuAD file of one paragraph with these questions."""
    article = {"title": "T", "paragraphs": [{"context": context, "qas": list(questions)}]}
    path.write_text(json.dumps({"version": "v2.0", "data": [article]}), encoding="utf-8")
    return path


def asked(id_: str = "q", text: str = "Ada Brandt", start: int = 0, **more: Any) -> dict[str, Any]:
    answers = [{"text": text, "answer_start": start}]
    return {"id": id_, "question": "Who built it?", "answers": answers, **more}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "set.json"


def test_squad_2_keeps_answers_offsets_and_what_is_impossible() -> None:
    first, _, third = read_squad(SMALL / "small-2.0.json").articles[0].paragraphs[0].questions
    assert first == Question(
        "l1", "Who built the lighthouse?", ("Ada Brandt", "Brandt"), (49, 53), impossible=False
    )
    assert third == Question("l3", "Who painted the lighthouse?", (), (), impossible=True)


def test_squad_1_has_no_impossible_questions() -> None:
    questions = read_squad(SMALL / "small-1.1.json").questions
    assert [(question.id, question.impossible) for question in questions] == [
        ("l1", False),
        ("l2", False),
        ("b1", False),
        ("b2", False),
    ]


def test_articles_and_paragraphs_keep_their_order_also_without_questions() -> None:
    dataset = read_squad(SMALL / "small-2.0.json")
    assert dataset.title == "small-2.0"
    assert [
        (article.title, [len(paragraph.questions) for paragraph in article.paragraphs])
        for article in dataset.articles
    ] == [("Lighthouse", [3]), ("Bread", [3, 0])]


def test_offsets_are_code_points_also_after_an_emoji() -> None:
    paragraph = read_squad(SMALL / "small-2.0.json", strict=True).articles[1].paragraphs[0]
    question = paragraph.questions[0]
    (start,) = question.answer_starts
    assert paragraph.context[start : start + len("a week")] == "a week"


def test_a_byte_order_mark_is_no_part_of_the_file(file: Path) -> None:
    squad(file, asked())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(read_squad(file).questions) == 1


def test_an_answer_that_is_not_at_its_offset_is_tolerated_for_scoring(file: Path) -> None:
    assert read_squad(squad(file, asked(start=4))).questions[0].answer_starts == (4,)


def test_strict_refuses_an_answer_that_is_not_at_its_offset(file: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_squad(squad(file, asked(start=4)), strict=True)
    assert str(caught.value) == (
        f"{file}: data[0].paragraphs[0].qas[0].answers[0]: at answer_start 4 stands "
        "'Brandt bui', not 'Ada Brandt' (question 'q'): correct the file"
    )


@pytest.mark.parametrize("start", [-1, 11])
def test_an_offset_outside_the_context_is_refused_in_either_mode(file: Path, start: int) -> None:
    with pytest.raises(
        InputError, match=rf"answer_start {start} puts 'Ada Brandt' outside the context of 20 char"
    ):
        read_squad(squad(file, asked(start=start)))


def test_an_answer_may_end_with_its_context(file: Path) -> None:
    assert read_squad(squad(file, asked(text="it.", start=17)), strict=True).questions


def test_strict_refuses_an_empty_answer(file: Path) -> None:
    with pytest.raises(InputError, match=r"answers\[0\]: the answer is empty: ' '"):
        read_squad(squad(file, asked(text=" ", start=3)), strict=True)


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (asked(is_impossible=True), "is_impossible is true with 1 answers"),
        (asked() | {"answers": [], "is_impossible": False}, "is_impossible is false with 0 answer"),
    ],
)
def test_strict_refuses_answers_that_contradict_is_impossible(
    file: Path, question: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        read_squad(squad(file, question), strict=True)


def test_for_scoring_the_answers_say_whether_a_question_is_impossible(file: Path) -> None:
    assert not read_squad(squad(file, asked(is_impossible=True))).questions[0].impossible


def test_strict_refuses_a_file_without_an_answer(file: Path) -> None:
    with pytest.raises(InputError, match="holds no answers: give a file with answers to learn"):
        read_squad(squad(file, asked() | {"answers": []}), strict=True)


def test_a_file_without_questions_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match=r"set\.json has no questions: give a file with at least"):
        read_squad(squad(file))


def test_two_questions_with_one_id_are_refused(file: Path) -> None:
    with pytest.raises(InputError, match="has 2 questions with the id 'q': give each its own id"):
        read_squad(squad(file, asked(), asked()))


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({"id": "q", "answers": []}, r"data\[0\]\.paragraphs\[0\]\.qas\[0\]\.question: Field req"),
        (asked() | {"question": " "}, r"qas\[0\]\.question: it is blank: give a SQuAD"),
        (asked() | {"id": 7}, r"qas\[0\]\.id: Input should be a valid string"),
        (asked() | {"answers": [{"text": "Ada"}]}, r"answers\[0\]\.answer_start: Field required"),
    ],
)
def test_the_message_names_the_place_that_is_not_squad(
    file: Path, question: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        read_squad(squad(file, question))


def test_a_blank_context_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match=r"paragraphs\[0\]\.context: it is blank"):
        read_squad(squad(file, context="\n"))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"data": 1}', "[" * 100_000])
def test_anything_else_is_not_in_squads_format(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(InputError, match=r"set\.json is not in SQuAD's format: .*: give a SQuAD"):
        read(file)


def test_a_refused_file_is_an_error_of_the_field_file(file: Path) -> None:
    file.write_text("{}")
    with pytest.raises(InputError) as caught:
        read(file)
    assert caught.value.field == "file"


def test_a_file_that_is_not_utf_8_is_refused(file: Path) -> None:
    file.write_bytes(b'{"data": "\xff"}')
    with pytest.raises(UnreadableFile, match=r"is not UTF-8 \(byte 10\): save it as UTF-8"):
        read(file)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"cannot be read \(No such file or directory\): give"):
        read(file)


def test_json_lines_keep_the_gold_paragraph() -> None:
    questions = read_question_list(SMALL / "small-questions.jsonl")
    assert questions.items[1:] == (
        PlacedQuestion(
            Question("q2", "Who sells the bread?", ("Mr. Olsen",), (), impossible=False), 2
        ),
        PlacedQuestion(
            Question("q3", "Who painted the lighthouse?", (), (), impossible=True), None
        ),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("small-2.0.json", Dataset),
        ("small-1.1.json", Dataset),
        ("small-questions.jsonl", QuestionList),
    ],
)
def test_either_format_is_recognised(name: str, kind: type) -> None:
    assert isinstance(read(SMALL / name), kind)


def test_json_lines_are_recognised_without_their_suffix(file: Path) -> None:
    file.write_bytes((SMALL / "small-questions.jsonl").read_bytes())
    assert len(read(file).questions) == 3


def test_squad_on_one_line_is_recognised(file: Path) -> None:
    assert isinstance(read(squad(file, asked())), Dataset)


def test_a_line_separator_inside_a_question_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    line = '{"id": "q", "question": "Who\u2028?", "answers": [], "paragraph": null}\r\n\n'
    path.write_text(line, encoding="utf-8", newline="")
    assert read(path).questions[0].text == "Who\u2028?"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2, is not a question: Invalid JSON"),
        ('{"id": "a", "question": "b", "answers": []}', "line 2, .*: paragraph: Field required"),
        (
            '{"id": "a", "question": "b", "answers": [], "paragraph": 0}',
            "line 2, .*: paragraph: Input should be greater than or equal to 1: write each line",
        ),
    ],
)
def test_the_message_names_the_line_that_is_not_a_question(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"id": "q", "question": "Q?", "answers": [], "paragraph": 1}}\n{line}\n')
    with pytest.raises(InputError, match=problem):
        read(path)


def test_an_empty_list_has_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n")
    with pytest.raises(InputError, match="has no questions"):
        read(path)


def test_a_question_list_joins_the_paragraphs_of_its_article() -> None:
    dataset = read_question_list(SMALL / "small-questions.jsonl").about(["One.", "Two."], "Both")
    (article,) = dataset.articles
    assert [
        (paragraph.context, [question.id for question in paragraph.questions])
        for paragraph in article.paragraphs
    ] == [("One.", ["q1"]), ("Two.", ["q2"])]
    assert [question.id for question in article.unplaced] == ["q3"]
    assert len(dataset.questions) == 3


def test_a_question_beyond_the_articles_last_paragraph_is_refused() -> None:
    with pytest.raises(
        InputError, match="'q2' of 'small-questions' names paragraph 2, but the article 'A' has 1"
    ):
        read_question_list(SMALL / "small-questions.jsonl").about(["One."], "A")
