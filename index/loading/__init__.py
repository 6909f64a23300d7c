"""From files to drafts of articles, one loader a format."""

from index.loading.loader import Loader
from index.loading.registry import formats_taken, load, taken_suffixes, takes
from index.loading.text import draft_of_text

__all__ = ["Loader", "draft_of_text", "formats_taken", "load", "taken_suffixes", "takes"]
