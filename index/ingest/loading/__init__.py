"""From files to drafts of articles, one loader a format."""

from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.loader import Loader
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
