"""What can go wrong, in one tree.

PullquoteError
├── InputError                 the caller's input; names the field
│   ├── EmptyArticle
│   ├── UnreadableFile         binary, undecodable or of no known format
│   │   └── LimitExceeded      larger than is taken; names the limit and its setting
│   ├── NoArticlesFound        a folder or path without articles
│   └── QuestionError          empty or over-long question
├── ArticleNotFound
├── LibraryError
│   ├── LibraryMissing
│   ├── LibraryUnavailable     its folder is away, closed or full
│   ├── LibraryTooNew
│   ├── LibraryTooOld
│   ├── LibraryCorrupt
│   ├── LibraryLocked
│   └── EmbedderMismatch
├── ModelError                 weights missing, damaged or of the wrong kind
└── Overloaded                 too many requests are waiting

Every message quotes the offending value and ends with the remedy.
"""


class PullquoteError(Exception):
    """Base of every error that Pullquote raises on purpose; its text is fit for users."""


class InputError(PullquoteError):
    """Input that cannot be used; ``field`` is the name of the offending field."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class EmptyArticle(InputError):
    """An article without a word of text."""


class UnreadableFile(InputError):
    """A file that is binary, cannot be decoded, or has no known format."""


class LimitExceeded(UnreadableFile):
    """A file larger, or taking more to read, than is allowed; ``setting`` moves the limit."""

    def __init__(self, message: str, setting: str, field: str = "file") -> None:
        super().__init__(message, field)
        self.setting = setting


class NoArticlesFound(InputError):
    """A path that holds nothing to take in."""


class QuestionError(InputError):
    """A question that is empty or too long."""


class ArticleNotFound(PullquoteError):
    """No article has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"no article has the id {article_id!r}: list the articles with GET /v1/articles"
        )
        self.article_id = article_id


class LibraryError(PullquoteError):
    """The library on disk cannot be used as it is."""


class LibraryMissing(LibraryError):
    """There is no library at the given place."""


class LibraryUnavailable(LibraryError):
    """The library's folder or file cannot be opened or written, as things stand."""


class LibraryTooNew(LibraryError):
    """The library was written by a newer version of Pullquote."""


class LibraryTooOld(LibraryError):
    """The library was written by an older version of Pullquote, in another format."""


class LibraryCorrupt(LibraryError):
    """The library's file is damaged or is not a library."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class EmbedderMismatch(LibraryError):
    """The library was built with another embedding model."""


class ModelError(PullquoteError):
    """A model is missing, damaged, or cannot do what is asked of it."""


class Overloaded(PullquoteError):
    """More questions are waiting than can be answered in time."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
