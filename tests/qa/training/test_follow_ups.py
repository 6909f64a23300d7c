"""Follow-up questions: the dialogues, their places, and what is measured on them."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import InputError
from index.sqlite.library import SQLiteLibrary
from qa.answering.conversation import FITTED, Turn
from qa.evaluation.collection import collected
from qa.evaluation.dataset import Article, Dataset, Paragraph, read_squad
from qa.training.follow_ups import (
    Dialogue,
    Outcome,
    dialogue_cases,
    evaluate,
    main,
    measures,
    placed,
    read_dialogues,
    related_cases,
    run,
    seed_dataset,
    unrelated_cases,
)
from tests.fakes import WordEmbedder

DATA = Path(__file__).parents[2] / "data"
SMALL = DATA / "squad" / "small-1.1.json"
DIALOGUES = DATA / "follow_ups" / "dialogues.jsonl"
SEED = next((Path(__file__).parents[3] / "seeds").glob("*.txt"))


@pytest.fixture
def squad() -> Dataset:
    return read_squad(SMALL)


@pytest.fixture
def filled(squad: Dataset, tmp_path: Path) -> Iterator[SQLiteLibrary]:
    with collected([squad], "library", WordEmbedder(), tmp_path / "filled") as library:
        yield library


def dialogue(squad: Dataset, **given: Any) -> Dialogue:
    """A follow-up about the lighthouse, but for what is given."""
    context = squad.articles[0].paragraphs[0].context
    usual = Dialogue(
        "d1",
        "report",
        "Lighthouse",
        (Turn("Who built the lighthouse?", "Ada Brandt"),),
        "When?",
        stands_alone=False,
        paragraph=1,
        context_sha256=hashlib.sha256(context.encode()).hexdigest(),
        answers=("1871",),
    )
    return replace(usual, **given)


def silent(what: str, done: int, of: int) -> None:
    """No progress is shown."""


def line(dialogue: Dialogue) -> dict[str, Any]:
    """The dialogue as a line of the file says it."""
    return {
        "id": dialogue.id,
        "split": dialogue.half,
        "article": dialogue.article,
        "turns": [{"question": t.question, "answer": t.answer} for t in dialogue.turns],
        "question": dialogue.question,
        "stands_alone": dialogue.stands_alone,
        "paragraph": dialogue.paragraph,
        "context_sha256": dialogue.context_sha256,
        "answers": list(dialogue.answers),
    }


def test_the_dialogues_are_many_and_a_fifth_or_more_stands_alone() -> None:
    dialogues = read_dialogues(DIALOGUES)
    kinds = Counter((dialogue.half, dialogue.stands_alone) for dialogue in dialogues)

    assert len({dialogue.id for dialogue in dialogues}) == len(dialogues) >= 60
    for half in ("tune", "report"):
        assert kinds[half, True] >= 0.2 * (kinds[half, True] + kinds[half, False])


def test_no_article_is_in_both_halves() -> None:
    halves: dict[str, set[str]] = {"tune": set(), "report": set()}
    for dialogue in read_dialogues(DIALOGUES):
        halves[dialogue.half].add(dialogue.article)

    assert not halves["tune"] & halves["report"]


def test_the_dialogues_about_the_seed_are_answered_in_their_paragraphs() -> None:
    seed = seed_dataset(SEED)
    about = [d for d in read_dialogues(DIALOGUES) if d.article == SEED.name]

    assert len(dialogue_cases([seed], about)) == len(about) > 0
    for one in about:
        assert one.answers[0] in seed.articles[0].paragraphs[one.paragraph - 1].context


def test_a_dialogue_is_read_as_it_was_written(squad: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(line(dialogue(squad))), "utf-8")

    assert read_dialogues(file) == (dialogue(squad),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"turns": []}, "line 1, is not a dialogue: .*turns.*: correct the line"),
        ({"question": " "}, "line 1, is not a dialogue: .*question"),
        ({"split": "other"}, "line 1, is not a dialogue: .*split"),
        ({"more": 1}, "line 1, is not a dialogue: .*more"),
    ],
)
def test_a_line_that_is_no_dialogue_is_named(
    squad: Dataset, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(line(dialogue(squad)) | change), "utf-8")

    with pytest.raises(InputError, match=message):
        read_dialogues(file)


def test_a_dialogue_takes_its_place_in_the_data_set(squad: Dataset) -> None:
    asked = placed(squad, [dialogue(squad)]).questions

    assert [(question.id, question.text) for question in asked] == [("d1", "When?")]


def test_a_dialogue_written_for_another_text_is_refused(squad: Dataset) -> None:
    other = dialogue(squad, context_sha256="0" * 64)

    with pytest.raises(InputError, match="'d1' was written for another text than paragraph 1"):
        placed(squad, [other])


def test_a_dialogue_about_an_article_that_is_not_given_is_named(squad: Dataset) -> None:
    with pytest.raises(InputError, match=r"1 dialogues are about paragraphs .* such as 'd1'"):
        dialogue_cases([squad], [dialogue(squad, article="Harbour")])


def test_unrelated_turns_are_about_another_article_and_always_the_same(squad: Dataset) -> None:
    questions = {q.text: a.title for a in squad.articles for q in a.questions}
    cases = list(unrelated_cases(squad))

    assert cases == list(unrelated_cases(squad))
    for case in cases:
        own = questions[case.asked.question.text]
        assert all(questions[turn.question] != own for turn in case.turns)


def test_related_turns_are_about_the_same_article(squad: Dataset) -> None:
    questions = {q.text: a.title for a in squad.articles for q in a.questions}

    for case in related_cases(squad):
        own = questions[case.asked.question.text]
        assert [questions[turn.question] for turn in case.turns] == [own, own]


def test_one_article_alone_has_no_unrelated_turns(squad: Dataset) -> None:
    with pytest.raises(InputError, match="has no article to take 2 earlier turns from"):
        list(unrelated_cases(replace(squad, articles=squad.articles[:1])))


def test_a_case_gives_the_rank_without_and_with_its_turns(
    squad: Dataset, filled: SQLiteLibrary
) -> None:
    (follow_up,) = dialogue_cases([squad], [dialogue(squad)])
    outcome = run(follow_up, filled)

    assert outcome.follows
    assert outcome.with_turns == 1


def test_a_question_that_stands_alone_has_the_same_rank_twice(
    squad: Dataset, filled: SQLiteLibrary
) -> None:
    (alone,) = dialogue_cases([squad], [dialogue(squad, question="How tall is the lighthouse?")])
    outcome = run(alone, filled)

    assert outcome == Outcome(1, 1, follows=False)


def test_measures_count_ranks_and_readings() -> None:
    outcomes = [Outcome(2, 1, True), Outcome(1, 1, False), Outcome(None, 6, True)]

    assert measures(outcomes) == {
        "questions": 3,
        "read_in_context": 2 / 3,
        "without": {"1": 1 / 3, "5": 2 / 3, "read": 2 / 3},
        "with": {"1": 2 / 3, "5": 2 / 3, "read": 1.0},
    }


def test_without_outcomes_there_are_no_measures() -> None:
    assert measures([]) is None


def test_articles_that_were_tuned_on_are_left_out_of_one_of_the_measures(
    squad: Dataset, filled: SQLiteLibrary
) -> None:
    nothing = Dataset("seeds", (Article("none", (Paragraph("Nothing.", ()),)),))
    result = evaluate(filled, squad, nothing, [dialogue(squad, half="tune")], 1, silent)
    after = result["after_unrelated_turns"]
    about_bread = len(squad.articles[1].questions)

    assert after["all"]["questions"] == len(squad.questions)
    assert after["articles_not_tuned_on"]["questions"] == about_bread
    assert result["tune"]["follow_ups"]["questions"] == 1
    assert result["tune"]["standing_alone"] is None
    assert result["report"]["all"] is None


@pytest.fixture
def arguments(squad: Dataset, tmp_path: Path) -> list[str]:
    """A command line over the small data set, with a follow-up and a question alone for tuning."""
    alone = dialogue(
        squad, id="d2", half="tune", question="How tall is the lighthouse?", stands_alone=True
    )
    bread = squad.articles[1].paragraphs[0].context
    other = dialogue(
        squad,
        id="d3",
        half="tune",
        article="Bread",
        stands_alone=True,
        question="Who sells the bread?",
        context_sha256=hashlib.sha256(bread.encode()).hexdigest(),
    )
    file = tmp_path / "dialogues.jsonl"
    lines = [line(one) for one in (dialogue(squad, half="tune"), alone, other)]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return ["--squad", str(SMALL), "--seed", str(SEED), "--dialogues", str(file)]


def test_the_command_prints_the_measures_of_both_halves(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments, WordEmbedder())
    printed = json.loads(capsys.readouterr().out)

    assert list(printed) == ["tune", "report", "after_unrelated_turns"]
    assert printed["tune"]["all"]["questions"] == 3


def test_the_command_prints_fitted_weights_for_every_sign(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*arguments, "--fit"], WordEmbedder())
    printed = json.loads(capsys.readouterr().out)

    assert list(printed) == ["intercept", "features"]
    assert list(printed["features"]) == list(FITTED.features.__dataclass_fields__)
