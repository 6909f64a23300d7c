"""What a file may hold and what reading it may take, so that none brings the rest down."""

from dataclasses import dataclass

from index.article import Draft
from index.errors import LimitExceeded

PREFIX = "PULLQUOTE_"
"""What stands before a limit's name, in capitals, in the setting that moves it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken of each. Bytes and seconds are of one file, with all that is in it.

    ``max_archive_depth`` is how deep archives may lie in each other: 1 for none in another.
    ``max_unpacked_ratio`` is that of the size of what is packed to its packed size.
    ``parser_seconds`` are of computing, ``parser_wait_seconds`` on the clock, and
    ``parser_bytes`` are the memory of the process that reads a file.
    """

    max_file_bytes: int = 100_000_000
    max_file_articles: int = 10_000
    max_article_characters: int = 5_000_000
    max_article_paragraphs: int = 20_000
    max_pages: int = 5_000
    max_archive_members: int = 10_000
    max_archive_depth: int = 2
    max_unpacked_bytes: int = 100_000_000
    max_unpacked_ratio: int = 200
    parser_seconds: float = 60.0
    parser_wait_seconds: float = 120.0
    parser_bytes: int = 1_000_000_000

    def check(self, limit: str, amount: int, name: str, what: str) -> None:
        """Raises ``LimitExceeded`` when ``name`` has an ``amount`` of ``what`` over the limit."""
        most = getattr(self, limit)
        if amount > most:
            raise exceeded(limit, f"{name!r} has {amount:,} {what}, more than the {most:,} taken")

    def check_file_text(self, text: str, name: str) -> None:
        """Raises ``LimitExceeded`` when the text of the file ``name`` is too long."""
        self.check("max_article_characters", len(text), name, "characters")

    def check_paragraphs(self, draft: Draft, name: str = "", field: str = "file") -> None:
        """Raises ``LimitExceeded`` (``field``) when an article has too many paragraphs."""
        count, most = len(draft.paragraphs), self.max_article_paragraphs
        if count > most:
            what = repr(name) if name else f"the {field}"
            message = f"{what} has {count:,} paragraphs, more than the {most:,} taken"
            raise exceeded("max_article_paragraphs", message, field)

    def check_text(self, text: str) -> None:
        """Raises ``LimitExceeded`` (field ``text``) when a text that comes as such is too long."""
        most = self.max_article_characters
        if len(text) > most:
            message = f"the text has {len(text):,} characters, more than the {most:,} taken"
            raise exceeded("max_article_characters", message, field="text")


def exceeded(limit: str, message: str, field: str = "file") -> LimitExceeded:
    """The error for what is beyond the limit of that name."""
    setting = PREFIX + limit.upper()
    return LimitExceeded(f"{message}: set {setting} higher to take it", setting, field)
