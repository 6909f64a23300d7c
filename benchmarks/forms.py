"""Forms of answer: small libraries with questions of every kind, and what came out, by kind.

``python -m benchmarks.forms FOLDER [--json] [--show]`` reads the cases of a folder (see
``benchmarks/data/forms/README.md``), asks each turn in the process, over a library in a temporary
folder, and counts: *right*; *misled*, where a quote is given that must not be; *wrong*; *refused*,
where an answer stands and none was given.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.article import Draft
from index.errors import InputError
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.answering.answer import Answer
from qa.answering.answerer import Answerer
from qa.answering.confidence import calibration_of
from qa.answering.conversation import Turn
from qa.answering.question import MOST_TURNS
from qa.evaluation.metrics import f1

ACCEPTED = 0.7
"""A quote is an acceptable one from this F1 on."""

MISLEADING = 0.9
"""A quote is one that must not be given from this F1 on."""

ITEMS_NEEDED = 0.8
"""The share of a list's items and of several questions' parts that must be found."""

Outcome = Literal["right", "misled", "wrong", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("right", "misled", "wrong", "refused")

Open = Callable[[Path], Answerer]
"""Makes an answerer over a new library in a folder."""


class _Raw(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CaseArticle(_Raw):
    source: str
    title: str | None = None
    published: str | None = None
    author: str | None = None
    text: str


class CaseTurn(_Raw):
    """A question and what is right: for each wanted item the acceptable quotes."""

    question: str
    follows: bool
    kind: Literal["quote", "list", "parts", "overview", "help", "none"]
    quotes: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    disagree: bool = False
    independent: int | None = None


class Case(_Raw):
    library: tuple[CaseArticle, ...]
    turns: tuple[CaseTurn, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a turn."""

    case: str
    turn: CaseTurn
    answer: Answer
    outcome: Outcome


def read_cases(folder: Path) -> dict[str, Case]:
    """The cases of a folder by their files' names. Raises ``InputError``."""
    cases: dict[str, Case] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            cases[path.stem] = Case.model_validate_json(path.read_bytes())
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            raise InputError(
                f"{path} is no case: {detail['loc']}: {detail['msg']}: correct the file", "file"
            ) from None
    if not cases:
        raise InputError(f"the folder {str(folder)!r} holds no cases: name one that does", "folder")
    return cases


def run(cases: dict[str, Case], open_answerer: Open) -> Iterator[Result]:
    """Ask all turns, those of a case as one conversation."""
    for name, case in cases.items():
        with TemporaryDirectory(prefix="pullquote-") as temporary:
            answerer = open_answerer(Path(temporary))
            for article in case.library:
                answerer.library.add(draft(article))
            yield from _asked(name, case, answerer)


def draft(article: CaseArticle) -> Draft:
    """The article as it is taken in."""
    made = draft_of_text(article.text, article.title, article.source, article.published)
    return replace(made, author=article.author)


def _asked(name: str, case: Case, answerer: Answerer) -> Iterator[Result]:
    turns: list[Turn] = []
    for turn in case.turns:
        before = turns[-MOST_TURNS:] if turn.follows else ()
        answer = answerer.ask(turn.question, conversation=before)
        turns.append(Turn(turn.question, answer.answer))
        yield Result(name, turn, answer, judge(turn, answer))


def judge(turn: CaseTurn, answer: Answer) -> Outcome:
    """What an answer is worth.

    Of an overview two of the wanted sentences are enough, or half of them where there are fewer
    than four; a wrong quote misleads only when it is no acceptable one.
    """
    quotes = given(answer)
    good = [quote for quote in quotes if any(accepted(quote, item) for item in turn.quotes)]
    misled = any(
        f1(quote, bad) >= MISLEADING
        for quote in quotes
        if quote not in good
        for bad in turn.must_not
    )
    found = sum(any(accepted(quote, item) for quote in quotes) for item in turn.quotes)
    if turn.kind in ("none", "help"):
        right = not quotes
    elif turn.kind == "overview":
        right = found >= min(2, -(-len(turn.quotes) // 2))
    else:
        right = found >= ITEMS_NEEDED * len(turn.quotes) and not misled
    if right:
        return "right"
    return "misled" if misled else "wrong" if quotes else "refused"


def given(answer: Answer) -> list[str]:
    """The texts of the quotes of an answer."""
    return [quote.text for quote in answer.quotes if quote.text]


def accepted(quote: str, acceptable: Sequence[str]) -> bool:
    """Whether a quote is an acceptable one, or nearly."""
    return max((f1(quote, good) for good in acceptable), default=0.0) >= ACCEPTED


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Outcomes by kind (a turn that follows counts as such), and of disagreements and sources how
    many were told rightly."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for group in ("follow-up" if result.turn.follows else result.turn.kind, "all"):
            tally[group][result.outcome] += 1
    disagree = [r for r in results if r.turn.disagree]
    counted = [r for r in results if r.turn.independent is not None and r.outcome == "right"]
    return {
        "turns": len(results),
        "kinds": {kind: dict(counts) for kind, counts in sorted(tally.items())},
        "disagreements_told": sum(r.answer.disagreement is not None for r in disagree),
        "disagreements": len(disagree),
        "told_without_need": sum(
            r.answer.disagreement is not None and not r.turn.disagree for r in results
        ),
        "sources_right": sum(r.answer.sources == r.turn.independent for r in counted),
        "sources": len(counted),
    }


def as_text(measures: dict[str, Any]) -> str:
    lines = []
    for kind, counts in measures["kinds"].items():
        total = sum(counts.values())
        shares = (
            f"{outcome} {counts.get(outcome, 0)} ({counts.get(outcome, 0) / total:.0%})"
            for outcome in OUTCOMES
        )
        lines.append(f"{kind:10} {total:4}  {'  '.join(shares)}")
    lines.append(
        f"disagreements told {measures['disagreements_told']} of {measures['disagreements']}, "
        f"without need {measures['told_without_need']}; "
        f"sources right {measures['sources_right']} of {measures['sources']}"
    )
    return "\n".join(lines)


def shown(result: Result) -> str:
    """One line on a turn that did not come out right."""
    wanted = [item[0][:60] for item in result.turn.quotes]
    return (
        f"{result.case} {result.outcome:7} {result.turn.kind:8} {result.answer.kind:8} "
        f"{result.turn.question[:70]!r} -> {given(result.answer)} "
        f"({result.answer.confidence:.2f}), wanted {wanted}"
    )


def opening() -> Open:
    """Makes answerers with the models that the settings name, loaded once."""
    from qa.bootstrap import build_embedder, build_reader
    from qa.settings import read_settings

    settings = read_settings()
    embedder = build_embedder(settings)
    reader = build_reader(settings)

    def open_answerer(folder: Path) -> Answerer:
        library = SQLiteLibrary(folder, embedder, create=True)
        return Answerer(library, reader, calibration_of(reader.name, settings.confidence))

    return open_answerer


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the outcomes. Raises ``InputError`` or ``ModelError``."""
    parser = argparse.ArgumentParser("python -m benchmarks.forms", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the cases")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--show", action="store_true", help="print each turn that is not right")
    given = parser.parse_args(arguments)
    open_answerer = opening()
    results = []
    for result in run(read_cases(given.folder), open_answerer):
        results.append(result)
        if given.show and result.outcome != "right":
            sys.stdout.write(shown(result) + "\n")
    measures = summary(results)
    sys.stdout.write((json.dumps(measures) if given.json else as_text(measures)) + "\n")


if __name__ == "__main__":
    main()
