"""The formats that are taken, and the choice between them. A new format is one line here."""

from index.article import Draft
from index.errors import UnreadableFile
from index.ingest.loading.archive import DOCUMENTS, ArchiveLoader
from index.ingest.loading.feed import FeedLoader
from index.ingest.loading.file import File
from index.ingest.loading.html import HtmlLoader
from index.ingest.loading.json_articles import JsonLoader
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.loader import Loader
from index.ingest.loading.markdown import MarkdownLoader
from index.ingest.loading.pdf import PdfLoader
from index.ingest.loading.sandbox import SANDBOX
from index.ingest.loading.text import TextLoader


def load_here(file: File, limits: Limits) -> Loaded:
    """What ``load_all`` gives, read in this very process, whatever the file may be."""
    return loader_for(file).load(file, limits)


# The first that recognises a file takes it, so plain text, which takes anything, comes last.
LOADERS: tuple[Loader, ...] = (
    PdfLoader(),
    ArchiveLoader(load_here),
    *DOCUMENTS,
    FeedLoader(),
    HtmlLoader(),
    JsonLoader(),
    MarkdownLoader(),
    TextLoader(),
)
DEFAULTS = Limits()


def load_all(data: bytes, name: str, content_type: str = "", limits: Limits = DEFAULTS) -> Loaded:
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
    file = File(data, name, content_type)
    loader = loader_for(file)
    loaded = SANDBOX.load(file, limits) if loader.isolated else loader.load(file, limits)
    return loaded.within(limits, name)


def load(data: bytes, name: str, content_type: str = "", limits: Limits = DEFAULTS) -> Draft:
    """The draft of the only article in a file; else like ``load_all``.

    Raises ``UnreadableFile`` also when the file holds several.
    """
    loaded = load_all(data, name, content_type, limits)
    if len(loaded.drafts) != 1 or loaded.refused:
        count = len(loaded.drafts) + len(loaded.refused)
        raise UnreadableFile(f"{name!r} holds {count} articles: give a file with one", field="file")
    return loaded.drafts[0]


def taken_suffixes() -> tuple[str, ...]:
    """The endings of file names that are taken, in alphabetical order."""
    return tuple(sorted(suffix for loader in LOADERS for suffix in loader.suffixes))


def takes(name: str) -> bool:
    """Whether a file of this name is of a format that is taken; the file need not exist."""
    suffix = File(b"", name).suffix
    return not suffix or suffix in taken_suffixes()


def formats_taken() -> str:
    """The formats in words, for messages."""
    return f"{', '.join(taken_suffixes())} and files without a suffix, by their content"


def loader_for(file: File) -> Loader:
    """The loader of a file. Raises ``UnreadableFile`` for a format that is not taken."""
    choice = [loader for loader in LOADERS if loader.signs(file.data)]
    choice += [loader for loader in LOADERS if file.suffix in loader.suffixes]
    choice += [loader for loader in LOADERS if file.media_type in loader.media_types]
    if not file.suffix:
        choice += [loader for loader in LOADERS if loader.recognises(file.data)]
    if not choice:
        raise UnreadableFile(
            f"{file.name!r} has the suffix {file.suffix!r}, a format that is not taken: "
            f"use one of {formats_taken()}",
            field="file",
        )
    return choice[0]
