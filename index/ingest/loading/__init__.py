"""From files to drafts of articles, one loader a format."""

from typing import TYPE_CHECKING

from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.loader import Loader

if TYPE_CHECKING:
    from index.ingest.loading.registry import formats_taken, load, load_all, taken_suffixes, takes
    from index.ingest.loading.text import draft_of_text

__all__ = [
    "Limits",
    "Loaded",
    "Loader",
    "Refused",
    "draft_of_text",
    "formats_taken",
    "load",
    "load_all",
    "taken_suffixes",
    "takes",
]


def __getattr__(name: str) -> object:
    """The loaders, when they are first asked for: who only asks questions needs no parsers."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from index.ingest.loading import registry, text

    return getattr(text if name == "draft_of_text" else registry, name)
