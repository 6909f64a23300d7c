"""The port of every reader: a question and passages in, scored spans out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer.

    ``start`` and ``end`` are code points into the passage's text, end exclusive. ``score`` is
    the reader's own, higher is better, comparable between passages of one question.
    """

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one passage: candidates, best first; may be empty."""

    candidates: tuple[Candidate, ...]


class Reader(Protocol):
    """Reads passages and finds the words that answer. Deterministic and safe to share."""

    @property
    def name(self) -> str:
        """The name that answers carry in ``models.reader``."""

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """Return one reading a passage, in order."""
