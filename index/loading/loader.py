"""What every file format has to offer."""

from typing import Protocol

from index.article import Draft


class Loader(Protocol):
    """Makes a draft of a file in one format."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of file names that mean this format: lower case, with the dot."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types (RFC 6838) that mean this format, lower case, without parameters."""

    def recognises(self, data: bytes) -> bool:
        """Whether a file without a telling name looks like this format."""

    def load(self, data: bytes, name: str) -> Draft:
        """A draft whose spans are code points into its own ``text``, end exclusive.

        ``source`` is only set when the file itself names it. Raises ``UnreadableFile`` or
        ``EmptyArticle``, both with the field ``file``; ``name`` is for their messages.
        """
