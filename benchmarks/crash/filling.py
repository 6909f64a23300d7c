"""The disk fills while articles go in, and later has room again."""

import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crash.corpus import Corpus
from benchmarks.crash.disk import can_mount, small_disk
from benchmarks.crash.holding import Broken, check_searches, held, open_library
from benchmarks.crash.killing import ACKNOWLEDGED
from benchmarks.crash.process import Indexing
from index.article import Draft
from index.errors import LibraryError

FILES = 24
SIZES = (40_000, 500_000)
"""Bytes of the disk, from and to: from what holds no library to what holds nearly all."""

ROOM = 100_000_000
REMEDY = "has room"


@dataclass
class FillFigures:
    how: str
    fills: int = 0
    held_all: int = 0
    """Of them: those that were large enough after all."""
    could_be_opened_while_full: int = 0
    acknowledged: int = 0


def fill(folder: Path, seed: int, fills: int) -> FillFigures:
    """Fill so many disks. Raises ``Broken`` like the other crashes."""
    if not (can_mount() and _mounts(folder / "probe")):
        return fill_files(folder, seed, fills)
    corpus, figures = Corpus(folder / "articles", FILES), FillFigures("a small tmpfs")
    for number, size in enumerate(_sizes(seed, fills)):
        _fill_disk(folder / f"disk{number}", size, corpus, figures)
        figures.fills += 1
    return figures


def fill_files(folder: Path, seed: int, fills: int) -> FillFigures:
    """The same, as far as it goes without a disk to fill: no file may grow beyond a size."""
    corpus = Corpus(folder / "articles", FILES)
    figures = FillFigures("a limit on the size of files")
    for number, size in enumerate(_sizes(seed, fills)):
        _fill_files(folder / f"disk{number}", size, corpus, figures)
        figures.fills += 1
    return figures


def _sizes(seed: int, count: int) -> list[int]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    return [chance.randint(*SIZES) for _ in range(count)]


def _mounts(folder: Path) -> bool:
    try:
        with small_disk(folder, SIZES[0]):
            return True
    except subprocess.CalledProcessError:
        return False


def _fill_disk(folder: Path, size: int, corpus: Corpus, figures: FillFigures) -> None:
    with small_disk(folder, size) as disk:
        library = folder / "library"
        told = _until_full(Indexing(library, corpus.folder), figures)
        try:
            held(open_library(library), _allowed(corpus, told))
            figures.could_be_opened_while_full += 1
        except LibraryError as error:
            _check_remedy(str(error))
        disk.grow(ROOM)
        _check_all(library, corpus, told, figures)


def _fill_files(folder: Path, size: int, corpus: Corpus, figures: FillFigures) -> None:
    library = folder / "library"
    told = _until_full(Indexing(library, corpus.folder, largest_file=size // 4), figures)
    _check_all(library, corpus, told, figures)
    shutil.rmtree(folder)


def _until_full(process: Indexing, figures: FillFigures) -> set[str]:
    """The files that were acknowledged before the disk was full."""
    code = process.end()
    figures.held_all += code == 0
    if code not in (0, 2):
        raise Broken(f"a full disk ends with the exit code {code}: {process.lines[-3:]}")
    if code:
        _check_remedy(process.lines[-1])
    return {found[1] for line in process.lines if (found := ACKNOWLEDGED.match(line))}


def _check_remedy(message: str) -> None:
    if REMEDY not in message and "there is no library" not in message:
        raise Broken(f"a full disk is not told as such: {message}")


def _check_all(library: Path, corpus: Corpus, told: set[str], figures: FillFigures) -> None:
    """With room again: what was acknowledged is there, and the same command does the rest."""
    figures.acknowledged += len(told)
    if told:
        held(open_library(library), _allowed(corpus, told))
    process = Indexing(library, corpus.folder)
    if process.end() != 0:
        raise Broken(f"with room again: {process.lines[-3:]}")
    opened = open_library(library)
    drafts = held(opened, _allowed(corpus, set(corpus.versions)))
    check_searches(opened, drafts.values(), len(told))


def _allowed(corpus: Corpus, told: set[str]) -> dict[str, tuple[Draft | None, ...]]:
    drafts = {name: corpus.draft(name, version) for name, version in corpus.versions.items()}
    return {
        corpus.id(name): (draft,) if name in told else (draft, None)
        for name, draft in drafts.items()
    }
