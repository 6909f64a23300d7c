"""Files and folders into a library, each file on its own."""

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from index.article import Article, Draft
from index.errors import InputError, NoArticlesFound, UnreadableFile
from index.loading import formats_taken, load, takes
from index.loading.decoding import why_unfit

Progress = Callable[[int, int, Path], None]
Status = Literal["added", "replaced", "unchanged", "skipped", "refused"]


class Addition(Protocol):
    """What became of a draft."""

    @property
    def status(self) -> Literal["added", "replaced", "unchanged"]: ...

    @property
    def article(self) -> Article: ...


class Taker(Protocol):
    """The part of a library that taking in needs."""

    def add(self, draft: Draft) -> Addition: ...


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files to take in, in order, and what the folders hold besides, each with the reason."""

    files: tuple[Path, ...]
    skipped: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: ``article`` if it is in the library, else the ``reason``."""

    path: Path
    status: Status
    reason: str = ""
    article: Article | None = None


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
    library: Taker, paths: Iterable[Path], base: Path, on_progress: Progress | None = None
) -> Report:
    """Take the files at ``paths`` into the library, one after the other.

    A file that cannot be used is refused, with the reason, and the others still go in. So is one
    that gives the same source as another before it, which it would replace. ``on_progress`` is
    called after each file with how many are done, of how many, and its path.

    Raises ``NoArticlesFound`` like ``find_files``, before anything is taken in, and whatever
    ``LibraryError`` or ``ModelError`` the library raises.
    """
    found = find_files(paths)
    outcomes: list[Outcome] = []
    taken: dict[str, Path] = {}
    for done, path in enumerate(found.files, start=1):
        outcomes.append(_outcome(library, path, base, taken))
        if on_progress:
            on_progress(done, len(found.files), path)
    outcomes.extend(Outcome(path, "skipped", reason) for path, reason in found.skipped)
    return Report(tuple(outcomes))


def _outcome(library: Taker, path: Path, base: Path, taken: dict[str, Path]) -> Outcome:
    try:
        draft = _draft(path, base)
        other = taken.get(draft.source or "")
        if other:
            raise InputError(
                f"{str(path)!r} gives the source {draft.source!r}, and so does {str(other)!r}: "
                "give each its own",
                field="file",
            )
        addition = library.add(draft)
    except InputError as error:
        return Outcome(path, "refused", str(error))
    taken[draft.source or ""] = path
    return Outcome(path, addition.status, article=addition.article)


def _draft(path: Path, base: Path) -> Draft:
    source = source_of(path, base)
    if why_unfit(source):
        raise UnreadableFile(f"{source!r} has a name that is not UTF-8: rename it", field="file")
    draft = load(_bytes(path), str(path))
    return draft if draft.source else dataclasses.replace(draft, source=source)


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
    what = "is neither a file nor a folder" if os.path.exists(path) else "cannot be found"
    raise NoArticlesFound(
        f"{str(path)!r} {what}: give the path of an article or of a folder of articles",
        field="path",
    )


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
