"""What every file format has to offer."""

from typing import Protocol

from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded


class Loader(Protocol):
    """Makes drafts of the articles in a file of one format."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of file names that mean this format: lower case, with the dot."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types (RFC 6838) that mean this format, lower case, without parameters."""

    @property
    def isolated(self) -> bool:
        """Whether the format is parsed in a process of its own, for its files may be bombs."""

    def signs(self, data: bytes) -> bool:
        """Whether a file is without a doubt of this format, whatever its name says."""

    def recognises(self, data: bytes) -> bool:
        """Whether a file without a telling name looks like this format."""

    def load(self, file: File, limits: Limits) -> Loaded:
        """Drafts whose spans are code points into their own ``text``, end exclusive.

        ``source`` is only set when the file itself names it. Raises ``UnreadableFile``,
        ``LimitExceeded`` or ``EmptyArticle``, each with the field ``file``.
        """
