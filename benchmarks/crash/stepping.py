"""A writer is killed at each line of the way that an article takes into a library."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.crash.corpus import Corpus
from benchmarks.crash.holding import EMBEDDER, Broken, check_searches, held, open_library
from index.article import Draft
from index.sqlite.library import SQLiteLibrary

KILLED = 9
WATCHED = str(Path(__file__).parents[2] / "index")
OFTEN = 2
"""Times that a line kills: the first times it is reached, and not every turn of a loop."""

Trace = Callable[[FrameType, str, Any], Any]


@dataclass
class StepFigures:
    changes: int = 0
    lines: int = 0
    """At which the writer was killed."""
    before: int = 0
    after: int = 0
    """Libraries that held the article's version from before the change, or the one from after."""


def step(folder: Path, most: int | None = None) -> StepFigures:
    """Kill a writer at each line while an article is added, replaced and removed.

    At ``most`` so many lines of each change, evenly spread. Raises ``Broken`` unless every library
    holds all from before the change or all from after it.
    """
    corpus = Corpus(folder / "articles", 3)
    first, second, third = corpus.versions
    kept = folder / "kept"
    library = SQLiteLibrary(kept, EMBEDDER, create=True)
    for name in (first, second):
        library.add(corpus.draft(name, 1))
    figures = StepFigures()
    drafts = {name: corpus.draft(name, 1) for name in corpus.versions}
    changed = corpus.draft(first, 2)
    stays = {corpus.id(second): (drafts[second],)}
    changes: list[tuple[Callable[[SQLiteLibrary], object], str, Draft | None, Draft | None]] = [
        (lambda own: own.add(drafts[third]), third, None, drafts[third]),
        (lambda own: own.add(changed), first, drafts[first], changed),
        (lambda own: own.remove(corpus.id(first)), first, drafts[first], None),
    ]
    for change, name, before, after in changes:
        whole = {corpus.id(first): (drafts[first],)} | stays
        allowed: dict[str, tuple[Draft | None, ...]] = {**whole, corpus.id(name): (before, after)}
        _change(folder, kept, change, allowed, after, figures, most)
    return figures


def _change(
    folder: Path,
    kept: Path,
    change: Callable[[SQLiteLibrary], object],
    allowed: dict[str, tuple[Draft | None, ...]],
    after: Draft | None,
    figures: StepFigures,
    most: int | None,
) -> None:
    figures.changes += 1
    total = _lines(folder, kept, change)
    stride = 1 if most is None else max(1, total // most)
    for number in count(0, stride):
        broken_off = folder / "broken-off"
        shutil.copytree(kept, broken_off)
        code = _killed_at(broken_off, change, number)
        library = open_library(broken_off)
        drafts = held(library, allowed)
        if number % (stride * 10) == 0:
            check_searches(library, drafts.values(), number)
        is_after = (after in drafts.values()) if after else len(drafts) == 1
        figures.after += is_after
        figures.before += not is_after
        shutil.rmtree(broken_off)
        if code == 0:
            if not is_after:
                raise Broken("a change that was made to its end is not there")
            return
        figures.lines += 1


def _lines(folder: Path, kept: Path, change: Callable[[SQLiteLibrary], object]) -> int:
    """How many lines a change has to be killed at."""
    counted = folder / "counted"
    shutil.copytree(kept, counted)
    reached: list[int] = []
    library = open_library(counted)
    sys.settrace(_trace(lambda: reached.append(1)))
    try:
        change(library)
    finally:
        sys.settrace(None)
    shutil.rmtree(counted)
    return len(reached)


def _killed_at(folder: Path, change: Callable[[SQLiteLibrary], object], number: int) -> int:
    """The exit code of a process that makes the change and dies at the line of that number."""
    child = os.fork()
    if not child:
        left = iter(range(number))
        library = open_library(folder)

        def reach() -> None:
            if next(left, None) is None:
                os._exit(KILLED)

        sys.settrace(_trace(reach))
        change(library)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _trace(reach: Callable[[], None]) -> Trace:
    """Calls ``reach`` at lines of the library, the first times that each is come to."""
    seen: dict[tuple[str, int], int] = {}

    def local(frame: FrameType, event: str, argument: Any) -> Trace:
        if event == "line":
            line = (frame.f_code.co_filename, frame.f_lineno)
            seen[line] = seen.get(line, 0) + 1
            if seen[line] <= OFTEN:
                reach()
        return local

    def outer(frame: FrameType, event: str, argument: Any) -> Trace | None:
        return local if frame.f_code.co_filename.startswith(WATCHED) else None

    return outer
