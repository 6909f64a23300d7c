"""Files and folders into a library: files are loaded ahead of the articles that go in."""

import dataclasses
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal, Protocol

from index.article import Article, Draft
from index.errors import InputError, NoArticlesFound, UnreadableFile
from index.ingest.loading import Limits, formats_taken, load_all, takes
from index.ingest.loading.decoding import why_unfit
from index.ingest.loading.left_out import LeftOut
from index.ingest.pipeline import ahead, threads

Status = Literal["added", "replaced", "unchanged", "skipped", "refused"]

DEFAULT_LIMITS = Limits()

CORES = os.cpu_count() or 1

FILES_AHEAD = 4
"""Files that are loaded and whose articles have not all been begun: bounds memory."""

ARTICLES_AHEAD = 4
"""Articles a worker that are begun and not yet told: bounds memory, and evens out long ones."""


class Addition(Protocol):
    """What became of a draft."""

    @property
    def status(self) -> Literal["added", "replaced", "unchanged"]: ...

    @property
    def article(self) -> Article: ...


class Taker(Protocol):
    """The part of a library that taking in needs. Safe to use from several threads."""

    def add(self, draft: Draft) -> Addition: ...


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files to take in, in order, and what the folders hold besides, each with the reason."""

    files: tuple[Path, ...]
    skipped: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What names an article; unlike the article it can be kept of every one that goes in."""

    id: str
    title: str
    source: str | None
    revision: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file, or of one article in it.

    ``article`` if it is in the library, else the ``reason``; ``place`` is where in the file it
    stands, such as ``#3`` or ``/notes/a.md``, when the file holds several. ``left_out`` is what
    the file shows and its articles do not hold; the file's first outcome tells it.
    """

    path: Path
    status: Status
    reason: str = ""
    article: Label | None = None
    place: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far taking in has come: bytes of files that are done, of all, and articles so far.

    The bytes of a file with several articles count as evenly shared between them.
    """

    done: int
    total: int
    articles: int


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every file: first those taken in, in their order, then those skipped."""

    outcomes: tuple[Outcome, ...]

    def of(self, *statuses: Status) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status in statuses)


def find_files(paths: Iterable[Path]) -> FoundFiles:
    """The files among ``paths`` and, in the order of their names, in the folders among them.

    A file that is named is found whatever it is. Folders are walked to the bottom, but for hidden
    files and folders; what they hold of other formats, and links, which may lead out of them or
    in circles, are skipped. A file reached twice is found once.

    Raises ``NoArticlesFound`` (field ``path``) for a path that is missing, cannot be read or is a
    folder without any file to take in.
    """
    files: dict[str, Path] = {}
    skipped: dict[Path, str] = {}
    for path in paths:
        found = _in_folder(path) if os.path.isdir(path) else FoundFiles((_file(path),))
        for file in found.files:
            files.setdefault(os.path.realpath(file), file)
        skipped.update(found.skipped)
    return FoundFiles(
        tuple(files.values()),
        tuple((path, why) for path, why in skipped.items() if os.path.realpath(path) not in files),
    )


def source_of(path: Path, base: Path) -> str:
    """What identifies a file's article: its path from ``base``, or from the root if not beneath.

    With forward slashes on every system. Links in ``path`` count as they are named.
    """
    absolute, root = _absolute(path), _absolute(base)
    if absolute.is_relative_to(root):
        return absolute.relative_to(root).as_posix()
    return absolute.as_posix()


def take_in(
    library: Taker, paths: Iterable[Path], base: Path, limits: Limits = DEFAULT_LIMITS
) -> Report:
    """Like ``taking_in``, to its end."""
    return Report(tuple(taking_in(library, paths, base, limits=limits)))


def taking_in(
    library: Taker,
    paths: Iterable[Path],
    base: Path,
    on_progress: Callable[[Progress], None] | None = None,
    workers: int = CORES + 1,
    limits: Limits = DEFAULT_LIMITS,
) -> Generator[Outcome, None, None]:
    """Take the files at ``paths`` into the library, and tell of each article once it is in.

    Several articles go in at once, by so many ``workers``; they are told in the order of the
    files. A file or article that cannot be used is refused, with the reason, and the others still
    go in. So is one that gives the same source as another before it, which it would replace.
    Who stops early, by an exception or by closing the iterator, waits for the articles that are
    being worked on; what has gone in stays. ``on_progress`` is called before each is told.

    Raises ``NoArticlesFound`` like ``find_files``, before anything is taken in, and whatever
    ``LibraryError`` or ``ModelError`` the library raises.
    """
    found = find_files(paths)
    load = partial(_items, base=base, limits=limits)
    return _outcomes(library, found, load, on_progress or (lambda _: None), workers)


def _outcomes(
    library: Taker,
    found: FoundFiles,
    load: "Callable[[Path], list[_Item]]",
    on_progress: Callable[[Progress], None],
    workers: int,
) -> Generator[Outcome, None, None]:
    total, done, articles = sum(map(_size, found.files)), 0.0, 0
    with threads(1, "loading") as loading, threads(workers, "adding") as adding:
        loaded = ahead(loading, load, found.files, FILES_AHEAD)
        items = _without_rivals(chain.from_iterable(loaded))
        limit = ARTICLES_AHEAD * workers
        for size, outcome in ahead(adding, partial(_added, library), items, limit):
            done += size
            articles += outcome.article is not None
            on_progress(Progress(round(done), total, articles))
            yield outcome
    for path, reason in found.skipped:
        yield Outcome(path, "skipped", reason)


@dataclass(frozen=True, slots=True)
class _Item:
    """What a file holds: a draft, or the ``reason`` why a part of it, or all of it, is refused.

    ``size`` is its share of the file's bytes.
    """

    path: Path
    size: float
    draft: Draft | None = None
    reason: str = ""
    place: str = ""
    left_out: tuple[LeftOut, ...] = ()


def _items(path: Path, base: Path, limits: Limits) -> list[_Item]:
    size = _size(path)
    try:
        source = source_of(path, base)
        if why_unfit(source):
            raise UnreadableFile(
                f"{source!r} has a name that is not UTF-8: rename it", field="file"
            )
        limits.check("max_file_bytes", size, str(path), "bytes")
        loaded = load_all(_bytes(path), str(path), limits=limits)
    except InputError as error:
        return [_Item(path, size, reason=str(error))]
    share = size / max(1, len(loaded.drafts) + len(loaded.refused))
    drafts = zip(loaded.sourced(source), loaded.places, strict=True)
    items = [_Item(path, share, draft, place=place) for draft, place in drafts] + [
        _Item(path, share, reason=refused.reason, place=refused.name.removeprefix(str(path)))
        for refused in loaded.refused
    ]
    items[:1] = [dataclasses.replace(item, left_out=loaded.left_out) for item in items[:1]]
    return items


def _without_rivals(items: Iterable[_Item]) -> Iterator[_Item]:
    """The items, with those refused that would replace another of them."""
    taken: dict[str, str] = {}
    for item in items:
        name = f"{item.path}{item.place}"
        source = (item.draft.source if item.draft else None) or ""
        other = taken.get(source)
        if other:
            reason = (
                f"{name!r} gives the source {source!r}, and so does {other!r}: give each its own"
            )
            yield dataclasses.replace(item, draft=None, reason=reason)
        else:
            yield item
        if source:
            taken.setdefault(source, name)


def _added(library: Taker, item: _Item) -> tuple[float, Outcome]:
    if item.draft is None:
        return item.size, Outcome(
            item.path, "refused", item.reason, place=item.place, left_out=item.left_out
        )
    try:
        addition = library.add(item.draft)
    except InputError as error:
        return item.size, Outcome(item.path, "refused", str(error), place=item.place)
    article = addition.article
    label = Label(article.id, article.title, article.source, article.revision)
    return item.size, Outcome(item.path, addition.status, "", label, item.place, item.left_out)


def _size(path: Path) -> int:
    """Bytes; 0 for what cannot be looked at, which is refused when it is read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{str(path)!r} cannot be read ({error.strerror}): check it and its permissions",
            field="file",
        ) from error


def _file(path: Path) -> Path:
    # Unlike Path's own questions these take what may not be looked at for missing.
    if os.path.isfile(path):
        return path
    what = "is neither a file nor a folder" if os.path.exists(path) else _why_not_found(path)
    raise NoArticlesFound(
        f"{str(path)!r} {what}: give the path of an article or of a folder of articles",
        field="path",
    )


def _why_not_found(path: Path) -> str:
    try:
        path.stat()
    except PermissionError:
        closed = next(
            one for one in reversed(path.absolute().parents) if not os.access(one, os.X_OK)
        )
        return f"cannot be looked at, for the folder {str(closed)!r} is closed to this user"
    except (OSError, ValueError):
        pass
    return "cannot be found"


def _in_folder(folder: Path) -> FoundFiles:
    files: list[Path] = []
    skipped: list[tuple[Path, str]] = []
    for path, why_not in _walk(folder):
        if why_not:
            skipped.append((path, why_not))
        else:
            files.append(path)
    if not files:
        raise NoArticlesFound(
            f"{str(folder)!r} holds no article{_first_reason(skipped)}: "
            f"give a folder with files of the formats {formats_taken()}",
            field="path",
        )
    return FoundFiles(tuple(files), tuple(skipped))


def _first_reason(skipped: list[tuple[Path, str]]) -> str:
    if not skipped:
        return ""
    path, reason = skipped[0]
    more = f" and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    return f" (skipped {path.name!r}, {reason}{more})"


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """What is in the folder and all folders in it, each with the reason to skip it, or ''."""
    pending = [folder]
    while pending:
        path = pending.pop()
        if path is not folder and path.is_symlink():
            yield path, "a link"
        elif os.path.isdir(path):
            try:
                names = sorted(os.listdir(path), reverse=True)  # the last is popped first
            except OSError as error:
                yield path, f"cannot be read ({error.strerror})"
                continue
            pending.extend(path / name for name in names if not name.startswith("."))
        elif not os.path.isfile(path):
            yield path, "not a file"
        else:
            yield path, "" if takes(path.name) else f"the format {path.suffix!r} is not taken"


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
