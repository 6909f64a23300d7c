"""From files to drafts of articles, one loader a format."""

from index.loading.limits import Limits
from index.loading.loaded import Loaded, Refused
from index.loading.loader import Loader
from index.loading.registry import formats_taken, load, load_all, taken_suffixes, takes
from index.loading.text import draft_of_text

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
