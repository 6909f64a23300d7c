"""The formats that are taken, and the choice between them. A new format is one line here."""

from pathlib import PurePath

from index.article import Draft
from index.errors import UnreadableFile
from index.loading.loader import Loader
from index.loading.markdown import MarkdownLoader
from index.loading.text import TextLoader

# The first that recognises a file takes it, so plain text, which takes anything, comes last.
LOADERS: tuple[Loader, ...] = (
    MarkdownLoader(),
    TextLoader(),
)


def load(data: bytes, name: str, media_type: str = "") -> Draft:
    """The draft that the right loader makes of a file.

    The suffix of ``name`` decides; without one ``media_type`` (such as ``text/markdown``), and
    last the content. Offsets are code points into ``Draft.text``, the decoded file as it is
    (a byte order mark left out), end exclusive. ``Draft.source`` is None unless the file itself
    gives a web address.

    Raises ``UnreadableFile`` for another format, a binary file or one that cannot be decoded,
    and ``EmptyArticle`` for one without text; both with the field ``file``.
    """
    return _loader_for(data, name, media_type).load(data, name)


def taken_suffixes() -> tuple[str, ...]:
    """The endings of file names that are taken, in alphabetical order."""
    return tuple(sorted(suffix for loader in LOADERS for suffix in loader.suffixes))


def takes(name: str) -> bool:
    """Whether a file of this name is of a format that is taken; the file need not exist."""
    suffix = _suffix(name)
    return not suffix or suffix in taken_suffixes()


def formats_taken() -> str:
    """The formats in words, for messages."""
    return f"{', '.join(taken_suffixes())} and files without a suffix, as plain text"


def _loader_for(data: bytes, name: str, media_type: str) -> Loader:
    suffix = _suffix(name)
    if suffix:
        choice = [loader for loader in LOADERS if suffix in loader.suffixes]
    else:
        plain_type = media_type.partition(";")[0].strip().lower()
        choice = [loader for loader in LOADERS if plain_type in loader.media_types]
        choice += [loader for loader in LOADERS if loader.recognises(data)]
    if not choice:
        raise UnreadableFile(
            f"{name!r} has the suffix {suffix!r}, a format that is not taken: "
            f"use one of {formats_taken()}",
            field="file",
        )
    return choice[0]


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()
