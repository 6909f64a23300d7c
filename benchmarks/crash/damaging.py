"""A library's file is damaged: a byte is flipped, a page is zeroed, its end is lost."""

import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crash.corpus import Corpus
from benchmarks.crash.holding import EMBEDDER, Broken, check_searches, held, open_library
from index.article import Draft
from index.errors import LibraryCorrupt, LibraryError, LibraryTooNew
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.rebuild import rebuild
from index.sqlite.schema import FILE_NAME
from tests.fakes import all_articles

ARTICLES = 12
PAGE = 4096
QUERY = "The bala kone rito."


@dataclass
class DamageFigures:
    damages: int = 0
    harmless: int = 0
    told_when_opened: int = 0
    told_by_check: int = 0
    rebuilt_whole: int = 0
    rebuilt_in_part: int = 0
    nothing_saved: int = 0
    broken: list[str] = field(default_factory=list)
    """What did not go as it has to: none."""


def damage(folder: Path, seed: int, damages: int) -> DamageFigures:
    """Damage so many copies of a library; what is wrong with each stands in the figures."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    drafts = _make(folder)
    figures = DamageFigures()
    for number in range(damages):
        copy = folder / "copy"
        shutil.copytree(folder / "library", copy)
        what = _damage(copy / FILE_NAME, chance)
        try:
            _judge(copy, drafts, number, figures)
        except Exception as error:  # whatever it is, it should have been told as damage
            figures.broken.append(f"{what}: {error!r}")
        shutil.rmtree(copy)
        figures.damages += 1
    return figures


def _make(folder: Path) -> dict[str, Draft]:
    corpus = Corpus(folder / "articles", ARTICLES)
    library = SQLiteLibrary(folder / "library", EMBEDDER, create=True)
    drafts = {}
    for name, version in corpus.versions.items():
        draft = corpus.draft(name, version)
        drafts[library.add(draft).article.id] = draft
    return drafts


def _damage(file: Path, chance: random.Random) -> str:
    """Damage the file in some way, and say in which."""
    data = bytearray(file.read_bytes())
    place = chance.randrange(len(data))
    kind = chance.choice(("flip", "flip", "flip", "zero", "truncate"))
    if kind == "flip":
        data[place] ^= 1 << chance.randrange(8)
    elif kind == "zero":
        place -= place % PAGE
        data[place : place + PAGE] = bytes(len(data[place : place + PAGE]))
    else:
        del data[place:]
    file.write_bytes(data)
    return f"{kind} at byte {place}"


def _judge(folder: Path, drafts: Mapping[str, Draft], seed: int, figures: DamageFigures) -> None:
    told = _told_when_used(folder)
    if told:
        figures.told_when_opened += 1
        if not _has_remedy(told):
            raise Broken(f"the message has no remedy: {told}")
    try:
        faults = check(folder, EMBEDDER.name)
    except LibraryTooNew:  # the version is what was damaged, and nobody can know
        figures.nothing_saved += 1
        return
    if told and not faults:
        raise Broken(f"check finds nothing, but: {told}")
    if not faults:
        figures.harmless += 1
        _check_whole(folder, drafts, seed)
        return
    figures.told_by_check += not told
    if not all(_has_remedy(fault.remedy) for fault in faults):
        raise Broken(f"a fault has no remedy: {faults}")
    _rebuild(folder, drafts, seed, figures)


def _has_remedy(message: str) -> bool:
    return "pullquote " in message or "--library" in message


def _told_when_used(folder: Path) -> str:
    """What opening the library, listing its articles and searching it says is wrong, if it does."""
    try:
        library = open_library(folder)
        library.search(QUERY, 5)
        for article in all_articles(library):
            library.whole(article.id)
    except LibraryError as error:
        return str(error)
    return ""


def _check_whole(folder: Path, drafts: Mapping[str, Draft], seed: int) -> None:
    library = open_library(folder)
    found = held(library, {article_id: (draft,) for article_id, draft in drafts.items()})
    check_searches(library, found.values(), seed)


def _rebuild(folder: Path, drafts: Mapping[str, Draft], seed: int, figures: DamageFigures) -> None:
    try:
        rebuilt = rebuild(folder, EMBEDDER)
    except LibraryCorrupt as error:
        figures.nothing_saved += 1
        if "backup" not in str(error):
            raise Broken(f"nothing can be saved, and there is no remedy: {error}") from error
        return
    if faults := check(folder, EMBEDDER.name):
        raise Broken(f"after the rebuilding: {faults}")
    named = {article_id for article_id, _ in (*rebuilt.changed, *rebuilt.lost)}
    if not rebuilt.damaged:
        figures.rebuilt_whole += 1
        _check_whole(folder, drafts, seed)
        return
    figures.rebuilt_in_part += 1
    library = open_library(folder)
    kept = {article.id: article for article in all_articles(library)}
    for article_id, draft in drafts.items():
        if article_id in kept and article_id not in named and kept[article_id].text != draft.text:
            raise Broken(f"{article_id} was changed by the rebuilding, which does not say so")
