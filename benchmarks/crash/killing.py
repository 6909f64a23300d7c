"""The indexing process is killed at random moments, over and over, on one library."""

import random
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crash.corpus import Corpus
from benchmarks.crash.holding import Broken, check_searches, held, open_library
from benchmarks.crash.process import Indexing
from index.article import Draft
from index.errors import LibraryMissing

FILES = 30
ANEW_EVERY = 10
"""After so many kills the library is begun anew, so that its making is interrupted too."""

LONGEST_DELAY = 0.02
"""Seconds between a line that is printed and the kill, at most: about one article's time."""

ACKNOWLEDGED = re.compile(r"(?:added|replaced|unchanged) +(?:\S*/)?+([^/\s]+\.txt)\b")


@dataclass
class KillFigures:
    kills: int = 0
    ended_before: int = 0
    before_the_first_article: int = 0
    acknowledged: int = 0
    in_flight: int = 0
    """Articles that were in the library though nobody was told yet."""
    checked: int = 0


@dataclass
class Killing:
    """One library that lives through kills, and what it must hold."""

    folder: Path
    seed: int
    files: int = FILES
    figures: KillFigures = field(default_factory=KillFigures)
    present: dict[str, Draft] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret
        self._corpus = Corpus(self.folder / "articles", self.files)
        self._library = self.folder / "kept" / "library"

    def run(self, kills: int) -> KillFigures:
        while self.figures.kills < kills:
            if self.figures.kills % ANEW_EVERY == 0:
                shutil.rmtree(self._library, ignore_errors=True)
                self.present = {}
            self._corpus.change(self._chance, 0.7)
            self.kill_once()
        return self.figures

    def kill_once(self) -> None:
        removals = self._removals()
        process = Indexing(self._library, self._corpus.folder, [*removals])
        process.read(self._chance.randint(0, self.files + len(removals)))
        code = process.kill(self._chance.uniform(0, LONGEST_DELAY))
        if code >= 0 and any(line.startswith("error") for line in process.lines):
            raise Broken(f"after a kill: {process.lines[-1]}")
        self.figures.kills += code < 0
        self.figures.ended_before += code >= 0
        self._check(process.lines, removals)

    def _removals(self) -> dict[str, str]:
        """The ids of a few articles, with their files."""
        names = self._chance.sample(sorted(self._corpus.versions), self.files // 5)
        return {self._corpus.id(name): name for name in names}

    def _check(self, lines: list[str], removals: dict[str, str]) -> None:
        told = {found[1] for line in lines if (found := ACKNOWLEDGED.match(line))}
        removed = {line.split()[1] for line in lines if line.startswith("removed")}
        self.figures.acknowledged += len(told) + len(removed)
        self.figures.before_the_first_article += not told
        allowed = dict(self._allowed(told, removed, removals))
        try:
            library = open_library(self._library)
        except LibraryMissing:
            if told:
                raise
            return
        before = self.present
        self.present = held(library, allowed)
        self.figures.checked += len(self.present)
        self.figures.in_flight += sum(
            self.present.get(article_id) != before.get(article_id)
            for article_id, drafts in allowed.items()
            if len(drafts) > 1
        )
        check_searches(library, self.present.values(), self._chance.randrange(1 << 30))

    def _allowed(
        self, told: set[str], removed: set[str], removals: dict[str, str]
    ) -> Iterable[tuple[str, tuple[Draft | None, ...]]]:
        """What may be there of each article: what was acknowledged, or the next step after it."""
        indexed = len(told) == self.files
        for name, version in self._corpus.versions.items():
            draft = self._corpus.draft(name, version)
            article_id = self._corpus.id(name)
            if article_id in removed:
                yield article_id, (None,)
            elif name not in told:
                yield article_id, (self.present.get(article_id), draft)
            elif indexed and article_id in removals:
                yield article_id, (draft, None)
            else:
                yield article_id, (draft,)
