"""The formats that are taken, and the choice between them. A new format is one line here."""

from pathlib import PurePath

from index.article import Draft
from index.errors import UnreadableFile
from index.loading.json_articles import JsonLoader
from index.loading.limits import Limits
from index.loading.loaded import Loaded
from index.loading.loader import Loader
from index.loading.markdown import MarkdownLoader
from index.loading.text import TextLoader

# The first that recognises a file takes it, so plain text, which takes anything, comes last.
LOADERS: tuple[Loader, ...] = (
    JsonLoader(),
    MarkdownLoader(),
    TextLoader(),
)
DEFAULTS = Limits()


def load_all(
    data: bytes, name: str, content_type: str = "", limits: Limits = DEFAULTS
) -> Loaded:
    """The drafts of all articles in a file, and what in it was refused.

    A content that is without a doubt of one format decides; else the suffix of ``name``, then
    ``content_type`` (such as ``text/markdown``), and last what the content looks like. Offsets
    are code points into each ``Draft.text``, what the loader made of the file, end exclusive.
    ``Draft.source`` is None unless the file itself gives one; see ``Loaded.sourced``.

    Raises ``InputError`` with the field ``file`` when the whole file cannot be used:
    ``UnreadableFile`` for another format, a binary or damaged file, ``LimitExceeded`` for one
    that is beyond the limits, and ``EmptyArticle`` for one without text.
    """
    limits.check("max_file_bytes", len(data), name, "bytes")
    return loader_for(data, name, content_type).load(data, name, limits)


def load(
    data: bytes, name: str, content_type: str = "", limits: Limits = DEFAULTS
) -> Draft:
    """The draft of the only article in a file; else like ``load_all``.

    Raises ``UnreadableFile`` also when the file holds several.
    """
    loaded = load_all(data, name, content_type, limits)
    if len(loaded.drafts) != 1 or loaded.refused:
        count = len(loaded.drafts) + len(loaded.refused)
        raise UnreadableFile(
            f"{name!r} holds {count} articles: give a file with one", field="file"
        )
    return loaded.drafts[0]


def taken_suffixes() -> tuple[str, ...]:
    """The endings of file names that are taken, in alphabetical order."""
    return tuple(sorted(suffix for loader in LOADERS for suffix in loader.suffixes))


def takes(name: str) -> bool:
    """Whether a file of this name is of a format that is taken; the file need not exist."""
    suffix = _suffix(name)
    return not suffix or suffix in taken_suffixes()


def formats_taken() -> str:
    """The formats in words, for messages."""
    return f"{', '.join(taken_suffixes())} and files without a suffix, by their content"


def loader_for(data: bytes, name: str, content_type: str) -> Loader:
    """The loader of a file. Raises ``UnreadableFile`` for a format that is not taken."""
    suffix = _suffix(name)
    media_type = content_type.partition(";")[0].strip().lower()
    choice = [loader for loader in LOADERS if loader.signs(data)]
    choice += [loader for loader in LOADERS if suffix in loader.suffixes]
    choice += [loader for loader in LOADERS if media_type in loader.media_types]
    if not suffix:
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
