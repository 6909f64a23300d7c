"""Follow-up questions: what reading them in their conversation gains, and what it costs.

``python -m qa.training.follow_ups --squad dev-v1.1.json --library FOLDER`` asks the dialogues
of ``tests/data/follow_ups`` with and without their earlier turns, and the file's own questions,
which stand alone, with and without turns about another article. ``--fit`` prints instead the
weights fitted on the dialogues meant for tuning and on the questions about the same articles.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.embedding.embedder import Embedder
from index.errors import InputError
from index.ingest.loading import load
from index.library import Library
from qa.answering.answerer import Policy
from qa.answering.conversation import (
    FITTED,
    LOOKED_AT,
    FollowUpFeatures,
    Turn,
    follow_up_features,
    in_context,
)
from qa.answering.understand import understand
from qa.bootstrap import build_embedder
from qa.cli.progress import progress_bars
from qa.evaluation.collection import EvaluationQuestion, Progress, collected, questions
from qa.evaluation.dataset import Article, Dataset, Paragraph, Question, read_squad
from qa.evaluation.experiment import rank_of_gold
from qa.evaluation.retrieval import recall_at
from qa.settings import read_settings

DIALOGUES = Path("tests/data/follow_ups/dialogues.jsonl")
SEED = Path("seeds/000_6a5157c59b34f5d3.txt")

CHANCE = 20260117
"""Seeds the choice of the turns that are drawn."""

DRAWN_TURNS = 2

FITTED_EVERY = 10
"""Of the file's questions about the articles for tuning, each so-manyth is fitted on."""

DIALOGUE_WEIGHT = 2.0
"""What a dialogue counts in the fit, where a question of the file counts 1 with each of its two
sets of turns."""

Half = Literal["tune", "report"]


class _Raw(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _RawTurn(_Raw):
    question: str = Field(pattern=r"\S")
    answer: str


class _RawDialogue(_Raw):
    id: str
    split: Half
    article: str
    turns: tuple[_RawTurn, ...] = Field(min_length=1)
    question: str = Field(pattern=r"\S")
    stands_alone: bool
    paragraph: int = Field(ge=1)
    context_sha256: str
    answers: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A last question, the turns before it, and the place that answers it.

    ``article`` is a title in a SQuAD file or the name of a seed; ``paragraph`` counts from 1 and
    ``context_sha256`` is the SHA-256 of its text. ``half`` says what it may be used for.
    """

    id: str
    half: Half
    article: str
    turns: tuple[Turn, ...]
    question: str
    stands_alone: bool
    paragraph: int
    context_sha256: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its place, in a conversation."""

    asked: EvaluationQuestion
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The gold paragraph's rank without and with the conversation, and how it was read."""

    without: int | None
    with_turns: int | None
    follows: bool


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """Read dialogues, one JSON object a line. Raises ``InputError`` naming the line."""
    dialogues = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            raw = _RawDialogue.model_validate_json(line)
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            raise InputError(
                f"{path}, line {number}, is not a dialogue: {detail['loc']}: {detail['msg']}: "
                "correct the line",
                "file",
            ) from None
        dialogues.append(_dialogue(raw))
    return tuple(dialogues)


def _dialogue(raw: _RawDialogue) -> Dialogue:
    return Dialogue(
        raw.id,
        raw.split,
        raw.article,
        tuple(Turn(turn.question, turn.answer) for turn in raw.turns),
        raw.question,
        raw.stands_alone,
        raw.paragraph,
        raw.context_sha256,
        raw.answers,
    )


def seed_dataset(path: Path) -> Dataset:
    """The paragraphs of a seed article as a data set without questions."""
    draft = load(path.read_bytes(), path.name)
    paragraphs = (Paragraph(part.span.of(draft.text), ()) for part in draft.paragraphs)
    return Dataset("seeds", (Article(path.name, tuple(paragraphs)),))


def placed(dataset: Dataset, dialogues: Sequence[Dialogue]) -> Dataset:
    """The data set with the dialogues' last questions in the place of its own.

    Raises ``InputError`` when a dialogue's paragraph is not the one it was written for.
    """
    return replace(
        dataset,
        articles=tuple(
            replace(
                article,
                paragraphs=tuple(
                    Paragraph(paragraph.context, _asked_at(article, number, dialogues))
                    for number, paragraph in enumerate(article.paragraphs, 1)
                ),
            )
            for article in dataset.articles
        ),
    )


def _asked_at(article: Article, number: int, dialogues: Sequence[Dialogue]) -> tuple[Question, ...]:
    here = [d for d in dialogues if (d.article, d.paragraph) == (article.title, number)]
    context = article.paragraphs[number - 1].context
    for dialogue in here:
        if hashlib.sha256(context.encode("utf-8")).hexdigest() != dialogue.context_sha256:
            raise InputError(
                f"the dialogue {dialogue.id!r} was written for another text than paragraph "
                f"{number} of {article.title!r}: give the SQuAD 1.1 file that holds it",
                "squad",
            )
    return tuple(Question(d.id, d.question, d.answers, (), impossible=False) for d in here)


def dialogue_cases(datasets: Iterable[Dataset], dialogues: Sequence[Dialogue]) -> list[Case]:
    """The dialogues, each with its place in the library of these data sets.

    Raises ``InputError`` when the place of one is not in them.
    """
    turns = {dialogue.id: dialogue.turns for dialogue in dialogues}
    cases = [
        Case(asked, turns[asked.question.id])
        for dataset in datasets
        for asked in questions(placed(dataset, dialogues), "library")
    ]
    missing = turns.keys() - {case.asked.question.id for case in cases}
    if missing:
        raise InputError(
            f"{len(missing)} dialogues are about paragraphs that are not given, such as "
            f"{min(missing)!r}: give the SQuAD 1.1 file and the seed they were written for",
            "squad",
        )
    return cases


def unrelated_cases(dataset: Dataset, every: int = 1) -> Iterator[Case]:
    """Each so-manyth question of the data set after turns about another of its articles."""
    yield from _after_turns(dataset, every, lambda own, other: own != other)


def related_cases(dataset: Dataset, every: int = 1) -> Iterator[Case]:
    """Each so-manyth question of the data set after turns about the same article."""
    yield from _after_turns(dataset, every, lambda own, other: own == other)


def _after_turns(dataset: Dataset, every: int, fits: Callable[[int, int], bool]) -> Iterator[Case]:
    """Cases whose turns are about an article that ``fits`` the question's; both by position."""
    chance = random.Random(CHANCE)  # noqa: S311 # a fixed choice, not a secret
    for asked in list(questions(dataset, "library"))[::every]:
        others = [
            article
            for place, article in enumerate(dataset.articles)
            if fits(asked.fold, place) and len(article.questions) >= DRAWN_TURNS
        ]
        if not others:
            raise InputError(
                f"{dataset.title!r} has no article to take {DRAWN_TURNS} earlier turns from: "
                "give a SQuAD file with several articles",
                "squad",
            )
        drawn = chance.sample(chance.choice(others).questions, DRAWN_TURNS)
        turns = tuple(Turn(q.text, q.answers[0] if q.answers else "") for q in drawn)
        yield Case(asked, turns)


def run(case: Case, library: Library) -> Outcome:
    """Search for a case's question as written, and as it is understood after its turns."""
    text = case.asked.question.text
    understood = understand(text, case.turns, library.search, LOOKED_AT)
    as_written = library.search(text, LOOKED_AT) if understood.follows else understood.found
    return Outcome(
        rank_of_gold(as_written, case.asked),
        rank_of_gold(understood.found, case.asked),
        understood.follows,
    )


def measures(outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """Without and with the conversation, how often the gold paragraph is the first, among the
    first five, and among those that are read; None without outcomes."""
    if not outcomes:
        return None
    without = [outcome.without for outcome in outcomes]
    with_turns = [outcome.with_turns for outcome in outcomes]
    read = [
        recall_at([outcome.with_turns], Policy().reads(follows=outcome.follows))
        for outcome in outcomes
    ]
    return {
        "questions": len(outcomes),
        "read_in_context": sum(outcome.follows for outcome in outcomes) / len(outcomes),
        "without": {
            **{str(k): recall_at(without, k) for k in (1, 5)},
            "read": recall_at(without, Policy().reads(follows=False)),
        },
        "with": {
            **{str(k): recall_at(with_turns, k) for k in (1, 5)},
            "read": sum(read) / len(read),
        },
    }


def evaluate(
    library: Library,
    squad: Dataset,
    seed: Dataset,
    dialogues: Sequence[Dialogue],
    every: int,
    on_progress: Progress,
) -> dict[str, Any]:
    """The measures of the dialogues of both halves, and of the file's questions after unrelated
    turns: of all, and of those about articles that nothing was tuned on."""
    cases = dialogue_cases((squad, seed), dialogues)
    outcomes = dict(
        zip(
            (case.asked.question.id for case in cases),
            _run_all(cases, library, on_progress),
            strict=True,
        )
    )
    tuned_on = {dialogue.article for dialogue in dialogues if dialogue.half == "tune"}
    unrelated = list(unrelated_cases(squad, every))
    after = list(zip(unrelated, _run_all(unrelated, library, on_progress), strict=True))
    halves: tuple[Half, ...] = ("tune", "report")
    return {
        **{half: _by_kind([d for d in dialogues if d.half == half], outcomes) for half in halves},
        "after_unrelated_turns": {
            "all": measures([outcome for _, outcome in after]),
            "articles_not_tuned_on": measures(
                [
                    outcome
                    for case, outcome in after
                    if squad.articles[case.asked.fold].title not in tuned_on
                ]
            ),
        },
    }


def _by_kind(dialogues: Sequence[Dialogue], outcomes: dict[str, Outcome]) -> dict[str, Any]:
    return {
        "all": measures([outcomes[d.id] for d in dialogues]),
        "follow_ups": measures([outcomes[d.id] for d in dialogues if not d.stands_alone]),
        "standing_alone": measures([outcomes[d.id] for d in dialogues if d.stands_alone]),
    }


def _run_all(cases: Sequence[Case], library: Library, on_progress: Progress) -> Iterator[Outcome]:
    for number, case in enumerate(cases, 1):
        yield run(case, library)
        on_progress("asking", number, len(cases))


def fit(
    library: Library,
    squad: Dataset,
    seed: Dataset,
    dialogues: Sequence[Dialogue],
    on_progress: Progress,
) -> dict[str, Any]:
    """The weights of a logistic regression that tells follow-ups from questions that stand alone.

    It sees the dialogues for tuning, and questions of the file about the same articles.
    """
    # scikit-learn takes seconds to import, and only this function needs it.
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    own = [dialogue for dialogue in dialogues if dialogue.half == "tune"]
    titles = {dialogue.article for dialogue in own}
    part = replace(squad, articles=tuple(a for a in squad.articles if a.title in titles))
    follows = {dialogue.id: not dialogue.stands_alone for dialogue in own}
    cases = [
        *dialogue_cases((part, seed), own),
        *unrelated_cases(part, FITTED_EVERY),
        *related_cases(part, FITTED_EVERY),
    ]
    rows, truth, weights = [], [], []
    for number, case in enumerate(cases, 1):
        rows.append(list(asdict(_features(case, library)).values()))
        truth.append(follows.get(case.asked.question.id, False))
        weights.append(DIALOGUE_WEIGHT if case.asked.question.id in follows else 1.0)
        on_progress("fitting", number, len(cases))
    scale = StandardScaler().fit(rows)  # so that the penalty treats all signs alike
    model = LogisticRegression().fit(scale.transform(rows), truth, weights)
    coefficients = model.coef_[0] / scale.scale_
    names = asdict(FITTED.features)
    return {
        "intercept": round(float(model.intercept_[0] - coefficients @ scale.mean_), 2),
        "features": {name: round(float(w), 2) for name, w in zip(names, coefficients, strict=True)},
    }


def _features(case: Case, library: Library) -> FollowUpFeatures:
    text = case.asked.question.text
    features = follow_up_features(
        text,
        library.search(text, LOOKED_AT),
        library.search(in_context(text, case.turns), LOOKED_AT),
    )
    if features is None:
        raise InputError("the library is empty: give a SQuAD file with paragraphs", "squad")
    return features


def main(arguments: Sequence[str] | None = None, embedder: Embedder | None = None) -> None:
    """Print the measures or the weights as JSON. Raises ``InputError`` or ``ModelError``."""
    parser = argparse.ArgumentParser("python -m qa.training.follow_ups", description=__doc__)
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1 JSON")
    parser.add_argument("--seed", type=Path, default=SEED, help="the seed article")
    parser.add_argument("--dialogues", type=Path, default=DIALOGUES, help="JSON Lines")
    parser.add_argument("--library", type=Path, help="keep the indexed paragraphs in this folder")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manyth SQuAD question")
    parser.add_argument("--fit", action="store_true", help="print fitted weights")
    given = parser.parse_args(arguments)
    squad, seed = read_squad(given.squad), seed_dataset(given.seed)
    dialogues = read_dialogues(given.dialogues)
    settings = read_settings()
    embedder = embedder or build_embedder(settings)
    with (
        progress_bars() as progress,
        collected((squad, seed), "library", embedder, given.library, progress) as library,
    ):
        if given.fit:
            result = fit(library, squad, seed, dialogues, progress)
        else:
            result = evaluate(library, squad, seed, dialogues, given.every, progress)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
