"""The worst cases: articles and questions made to be slow, beside ordinary ones, stage by stage.

``python -m benchmarks.worst_case`` prints how many times the computing of an ordinary question
each takes, and exits with 1 when one takes more than ``--most`` times as much. Computing is
counted, over all threads, and not the clock: other work on the machine changes little.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from index.article import Filters
from index.embedding.embedder import Embedder
from index.errors import InputError
from index.ingest.files import take_in
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer
from qa.answering.conversation import Turn
from qa.answering.question import LONGEST_QUESTION
from qa.bootstrap import build_answerer, build_embedder
from qa.settings import Settings, read_settings

MOST = 5.0
"""Times an ordinary question that any may take."""

ORDINARY = (
    "When did the talks begin?",
    "Who leads the talks?",
    "Where do the talks take place?",
    "What do the two sides want?",
    "How many people were there?",
)
FERRY = "The ferry to Skye leaves the old harbour at noon on every day but Sunday"


@dataclass(frozen=True, slots=True)
class Case:
    """Texts that are added to the seeds, and what is asked then."""

    name: str
    texts: tuple[str, ...] = ()
    questions: tuple[str, ...] = ("When does the ferry to Skye leave the harbour?",)
    filters: Filters | None = None
    conversation: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of computing for the slowest question of a case, by stage."""

    name: str
    stages: dict[str, float]

    @property
    def seconds(self) -> float:
        return sum(self.stages.values())


def cases(size: int) -> list[Case]:
    """Every way of being slow that we know; ``size`` is how much of it there is."""
    words = " ".join(f"word{number}" for number in range(10 * size))
    edited = [f"{FERRY}, said witness {n} of {size}, and so did others." for n in range(size)]
    return [
        Case("a paragraph without line breaks", (f"{FERRY}. " * (12 * size),)),
        Case("a log without sentences", (f"{FERRY} id=8f3a; " * (12 * size),)),
        Case("one word for ever", ("ferry " * (100 * size), "a" * (100 * size))),
        Case("long paragraphs", tuple(f"{n} {FERRY}. " * 45 for n in range(size // 4))),
        Case("many candidates", ("\n\n".join(f"{n}: {FERRY}." for n in range(size)),)),
        Case("many copies", tuple(edited)),
        Case("the same article often", tuple(f"{FERRY}. {'It is blue. ' * 9}" for _ in edited)),
        Case("very short sentences", ("Ha! No. Ferry? " * (20 * size),)),
        Case("initials", ("A.B.C.D.E.F" * (20 * size), "U.S.A. " * (20 * size))),
        Case("numbers", ("1,000.5/3:4 " * (20 * size),)),
        Case("combining marks", ("e\u0301\u0302\u0303" * (20 * size),)),
        Case("no spaces", ("渡船は正午に港を出る。" * (10 * size),), ("渡船はいつ港を出る?",)),
        Case("emoji", ("👩\u200d👩\u200d👧 " * (20 * size),), ("Who is 👩\u200d👩\u200d👧?",)),
        Case(
            "other directions",
            ("\u202eالعبارة تغادر ظهرا. " * (10 * size),),
            ("متى تغادر العبارة؟",),
        ),
        Case("rare words", (words,), (f"What is word7 of word{size}?",)),
        Case("common words", (f"{FERRY}. " * size,), ("Is it of the and to in a that it is?",)),
        Case("a long question", (f"{FERRY}. " * size,), (words[:LONGEST_QUESTION],)),
        Case("a question of marks", questions=("?" * (LONGEST_QUESTION - 1) + "a",)),
        Case("a question in quotes", questions=('"ferry" ' * (LONGEST_QUESTION // 8),)),
        Case("a question of operators", questions=("NEAR(a* OR b) AND NOT " * 40 + "a",)),
        Case(
            "many filters",
            filters=Filters(sources=tuple(f"s{n}" for n in range(50 * size)), tags=("a",)),
        ),
        Case(
            "a long conversation",
            (f"{FERRY}. " * size,),
            ("And when does it leave?",),
            conversation=tuple(Turn("Which ferry is it?", f"{FERRY}. " * 100) for _ in range(10)),
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.worst_case", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--size", type=int, default=200, help="how much of everything there is")
    parser.add_argument("--most", type=float, default=MOST, help="times an ordinary question")
    options = parser.parse_args(arguments)
    settings = read_settings()
    embedder = build_embedder(settings)

    def build(library: SQLiteLibrary) -> Answerer:
        return build_answerer(settings, library)

    ordinary, measured = measure(settings, embedder, build, cases(options.size))
    print(table(ordinary, measured))  # noqa: T201 - the command's output
    if max(one.seconds for one in measured) > options.most * ordinary.seconds:
        sys.exit(1)


def measure(
    settings: Settings,
    embedder: Embedder,
    build: Callable[[SQLiteLibrary], Answerer],
    cases: Sequence[Case],
) -> tuple[Measured, list[Measured]]:
    """An ordinary question over the seeds, and every case's slowest one."""
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        answerer = build(_library(Path(temporary) / "ordinary", embedder, settings, ()))
        asked = [_asked(answerer, Case("", questions=(text,))) for text in ORDINARY * 2]
        warm = sorted(asked[len(ORDINARY) :], key=lambda one: one.seconds)
        ordinary = Measured("ordinary (median)", warm[len(warm) // 2].stages)
        measured = []
        for number, case in enumerate(cases):
            library = _library(Path(temporary) / str(number), embedder, settings, case.texts)
            measured.append(_asked(build(library), case))
    return ordinary, measured


def _library(
    folder: Path, embedder: Embedder, settings: Settings, texts: Sequence[str]
) -> SQLiteLibrary:
    library = SQLiteLibrary(folder, embedder, create=True)
    take_in(library, [settings.seeds], settings.seeds.parent)
    for number, text in enumerate(texts):
        library.add(draft_of_text(text, source=f"s{number}"))
    return library


def _asked(answerer: Answerer, case: Case) -> Measured:
    """The slowest of the case's questions, each the median of three."""
    slowest: dict[str, float] = {}
    for question in case.questions:
        runs = [_stages(answerer, case, question) for _ in range(3)]
        stages = {step: statistics.median(run.get(step, 0.0) for run in runs) for step in runs[0]}
        slowest = max(slowest, stages, key=lambda one: sum(one.values()))
    return Measured(case.name, slowest)


def _stages(answerer: Answerer, case: Case, question: str) -> dict[str, float]:
    stages: dict[str, float] = {}
    last = time.process_time()

    def lap(step: str, value: object = None) -> None:
        nonlocal last
        now = time.process_time()
        stages[step] = stages.get(step, 0.0) + now - last
        last = now

    with suppress(InputError):  # refused is answered too
        answerer.ask(
            question, conversation=case.conversation, filters=case.filters, top_k=50, trace=lap
        )
    lap("rest")
    return stages


def table(ordinary: Measured, measured: Sequence[Measured]) -> str:
    """A line a case, the slowest first, with the milliseconds of each stage."""
    steps = list(dict.fromkeys(step for one in (ordinary, *measured) for step in one.stages))
    lines = [f"{'case':34}{'times':>7}{'ms':>9}" + "".join(f"{step:>12}" for step in steps)]
    ranked = sorted(measured, key=lambda one: -one.seconds)
    for one in (ordinary, *ranked):
        times = one.seconds / ordinary.seconds
        own = "".join(f"{1000 * one.stages.get(step, 0.0):12.1f}" for step in steps)
        lines.append(f"{one.name:34}{times:7.1f}{1000 * one.seconds:9.1f}{own}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
