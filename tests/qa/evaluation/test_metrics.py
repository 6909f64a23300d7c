"""SQuAD's metric, against values worked out by hand, and BERT's published figures."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from qa.evaluation.dataset import Question, read_squad
from qa.evaluation.metrics import (
    Marks,
    best_f1,
    cross_validated_f1,
    exact_match,
    f1,
    judge,
    normalise,
    refuse_above,
    score,
)

SMALL = Path(__file__).parents[2] / "data" / "squad"


def possible(id_: str, *answers: str) -> Question:
    return Question(id_, "?", answers or ("yes",), (0,) * (len(answers) or 1), impossible=False)


def impossible(id_: str) -> Question:
    return Question(id_, "?", (), (), impossible=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat,\tsat!", "cat sat"),
        ("U.S.-based", "usbased"),
        ("an apple a day", "apple day"),
        ("theatre", "theatre"),
        ("a.", ""),
        ("“quoted”… £5", "“quoted”… £5"),
        ("ÉCOLE", "école"),
    ],
)
def test_normalising_drops_case_ascii_punctuation_articles_and_white_space(
    text: str, expected: str
) -> None:
    assert normalise(text) == expected


def test_punctuation_goes_before_articles_so_that_a_hyphenated_article_stays() -> None:
    assert normalise("a-b the-end") == "ab theend"


def test_an_exact_match_ignores_what_normalising_drops() -> None:
    assert (exact_match("The Cat!", "cat"), exact_match("cats", "cat")) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("prediction", "gold", "expected"),
    [
        ("Ada Brandt", "ada brandt", 1.0),
        ("Ada", "Ada Brandt", 2 / 3),
        ("one two two", "two two three", 2 / 3),
        ("two", "two two", 2 / 3),
        ("Olsen", "Brandt", 0.0),
        ("", "", 1.0),
        ("the", "", 1.0),
        ("", "Ada", 0.0),
        ("Ada", "", 0.0),
    ],
)
def test_f1_counts_each_shared_word_once(prediction: str, gold: str, expected: float) -> None:
    assert f1(prediction, gold) == pytest.approx(expected, abs=1e-12)


@given(st.text(), st.text())
def test_f1_is_symmetric_and_bounds_exact_match(one: str, other: str) -> None:
    assert exact_match(one, other) <= f1(one, other) <= 1
    assert f1(one, other) == f1(other, one)


def test_the_best_gold_answer_counts() -> None:
    question = possible("q", "31 metres", "31 metres tall")
    assert judge("metres tall", question) == Marks(0.0, 0.8)


def test_a_gold_answer_without_words_is_passed_over() -> None:
    assert judge("", possible("q", "the", "Ada")) == Marks(0.0, 0.0)


def test_no_answer_is_right_where_there_is_none() -> None:
    assert judge("", impossible("q")) == Marks(1.0, 1.0)


def test_an_answer_is_wrong_where_there_is_none() -> None:
    assert judge("Ada", impossible("q")) == Marks(0.0, 0.0)


def predictions_in(file: Path) -> dict[str, str]:
    """Each question's id with its prediction, as SQuAD's own script takes them."""
    return dict(json.loads(file.read_text("utf-8")))


def test_scores_are_the_percentages_worked_out_by_hand() -> None:
    # By hand, exact match and F1: l1 1, 1; l2 0, 4/5; l3 1, 1; b1 1, 1; b2 0, 0; b3 0, 0.
    dataset = read_squad(SMALL / "small-2.0.json")
    scores = score(predictions_in(SMALL / "small-2.0.predictions.json"), dataset.questions)
    assert scores.exact_match == pytest.approx(50.0)
    assert scores.f1 == pytest.approx(100 * 3.8 / 6)
    assert scores.has_answer_exact_match == pytest.approx(50.0)
    assert scores.has_answer_f1 == pytest.approx(70.0)
    assert scores.no_answer_accuracy == pytest.approx(50.0)
    assert (scores.questions, scores.answerable, scores.impossible) == (6, 4, 2)


def test_squad_1_has_no_accuracy_of_no_answer() -> None:
    scores = score({"q": "yes"}, [possible("q")])
    assert (scores.exact_match, scores.has_answer_f1) == (100.0, 100.0)
    assert scores.no_answer_accuracy is None


def test_impossible_questions_alone_have_no_score_of_answers() -> None:
    scores = score({"q": ""}, [impossible("q")])
    assert (scores.f1, scores.no_answer_accuracy) == (100.0, 100.0)
    assert scores.has_answer_exact_match is None
    assert scores.has_answer_f1 is None


def test_predictions_for_other_questions_are_ignored() -> None:
    assert score({"q": "yes", "x": "no"}, [possible("q")]).questions == 1


def test_a_question_without_a_prediction_is_an_error() -> None:
    with pytest.raises(
        InputError, match="1 of 2 questions have no prediction, the first is 'r': predict an empty"
    ):
        score({"q": "yes"}, [possible("q"), possible("r")])


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="no questions to score"):
        score({}, [])


def test_refusing_empties_only_what_is_above_the_threshold() -> None:
    refused = refuse_above({"a": "x", "b": "y"}, {"a": 0.5, "b": 0.6}, 0.5)
    assert refused == {"a": "x", "b": ""}


YES = {"a": "yes", "b": "yes", "c": "yes", "d": "yes"}


def test_the_best_threshold_answers_up_to_the_last_question_worth_answering() -> None:
    # Sorted by score: a right, b impossible, c right, d impossible. Answering a to c gives 3/4,
    # as does answering a alone; the lower threshold is taken.
    questions = [possible("a"), impossible("b"), possible("c"), impossible("d")]
    best = best_f1(YES, {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}, questions)
    assert best.threshold == 0.1
    assert best.scores.f1 == 75.0


def test_questions_of_equal_score_are_answered_or_refused_together() -> None:
    questions = [possible("a"), impossible("b"), impossible("c")]
    best = best_f1(YES, {"a": 0.5, "b": 0.5, "c": 0.5}, questions)
    assert best.threshold == float("-inf")
    assert best.scores.f1 == pytest.approx(200 / 3)


def test_the_best_threshold_is_the_highest_score_when_all_are_right() -> None:
    best = best_f1(YES, {"a": -3.0, "b": 7.0}, [possible("a"), possible("b")])
    assert (best.threshold, best.scores.f1) == (7.0, 100.0)


def test_a_score_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="a no-answer score is not a number"):
        best_f1(YES, {"a": float("nan")}, [possible("a")])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=12))
def test_no_threshold_beats_the_best_one(drawn: list[tuple[bool, int]]) -> None:
    questions = [
        possible(str(n)) if answerable else impossible(str(n))
        for n, (answerable, _) in enumerate(drawn)
    ]
    predictions = {question.id: "yes" for question in questions}
    scores = {str(n): float(value) for n, (_, value) in enumerate(drawn)}
    tried = (
        score(refuse_above(predictions, scores, threshold - 0.5), questions).f1
        for threshold in range(7)
    )
    assert best_f1(predictions, scores, questions).scores.f1 == pytest.approx(max(tried))


def test_each_group_is_judged_by_the_threshold_of_the_others() -> None:
    # On group 2 alone 0.3 is best, on group 1 alone 0.1; exchanged, a and b are answered, and of
    # c and d (0.3 and 0.6, both above 0.1) none is: a right, b wrong, c wrong, d right.
    questions = [possible("a"), impossible("b"), possible("c"), impossible("d")]
    scores = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.6}
    groups = {"a": "1", "b": "1", "c": "2", "d": "2"}
    result = cross_validated_f1(YES, scores, questions, groups)
    assert result.thresholds == {"1": 0.3, "2": 0.1}
    assert (result.scores.f1, result.scores.exact_match) == (50.0, 50.0)


def test_a_groups_own_questions_do_not_move_its_threshold() -> None:
    questions = [possible("a"), impossible("b"), possible("c"), impossible("d")]
    groups = {"a": "1", "b": "1", "c": "2", "d": "2"}
    one = cross_validated_f1(YES, {"a": 9.0, "b": 8.0, "c": 0.3, "d": 0.6}, questions, groups)
    other = cross_validated_f1(YES, {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.6}, questions, groups)
    assert one.thresholds["1"] == other.thresholds["1"] == 0.3


def test_one_group_cannot_be_cross_validated() -> None:
    with pytest.raises(ValueError, match="at least two groups"):
        cross_validated_f1(YES, {"a": 0.1}, [possible("a")], {"a": "1"})


def test_berts_published_predictions_score_as_published() -> None:
    """The figures for this half of SQuAD 2.0 dev that the project's data notes give."""
    folder = os.environ.get("PULLQUOTE_TEST_DATA")
    if not folder:
        pytest.skip("PULLQUOTE_TEST_DATA does not name the folder with squad-dev-a-v2.0.json")
    dataset = read_squad(Path(folder) / "squad-dev-a-v2.0.json", strict=True)
    predictions = predictions_in(Path(folder) / "squad-dev-a-v2.0.predictions-bert.json")
    scores = score(predictions, dataset.questions)
    assert (round(scores.exact_match, 2), round(scores.f1, 2)) == (77.86, 81.12)
    assert (scores.questions, scores.impossible) == (5303, 2647)
