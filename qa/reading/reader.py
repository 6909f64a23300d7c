"""The port of every reader: a question and passages in, scored spans out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Passage, Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, in code points of the passage's article.

    ``score`` is the reader's own, higher is better, comparable between the passages of one
    question.
    """

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one passage: candidates, best first; there may be none."""

    passage: Passage
    candidates: tuple[Candidate, ...]


class Reader(Protocol):
    """Reads passages and finds the words that answer. Deterministic and safe to share."""

    @property
    def name(self) -> str:
        """The name that answers carry in ``models.reader``."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading a passage, in order. The spans lie in the passages' paragraphs."""
