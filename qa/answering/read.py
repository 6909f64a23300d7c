"""Reading: the passages' candidates for an answer, without those that only repeat what was said."""

from collections.abc import Sequence, Set
from dataclasses import replace

from index.article import Passage
from index.stopwords import content_words
from qa.answering.conversation import Turn
from qa.reading.reader import Candidate, Reader, Reading


def read(
    reader: Reader,
    question: str,
    passages: Sequence[Passage],
    *,
    earlier: Set[str] = frozenset(),
) -> list[Reading]:
    """One reading a passage, in order; a candidate that says nothing beyond the ``earlier`` words
    is none."""
    readings = reader.read(question, passages)
    return new_information(readings, earlier) if earlier else readings


def earlier_words(question: str, conversation: Sequence[Turn]) -> Set[str]:
    """The content words of the earlier turns that the question does not itself use again."""
    turns = (content_words(f"{turn.question} {turn.answer}") for turn in conversation)
    return set().union(*turns) - content_words(question)


def new_information(readings: Sequence[Reading], known: Set[str]) -> list[Reading]:
    """The readings without the candidates all of whose content words are known.

    Who asks on does not ask for what was said before, and a reader that is told it, to understand
    the question, tends to find it again.
    """

    def says_more(reading: Reading, candidate: Candidate) -> bool:
        words = content_words(candidate.span.of(reading.passage.article.text))
        return not words or not words <= known

    return [
        replace(reading, candidates=tuple(c for c in reading.candidates if says_more(reading, c)))
        for reading in readings
    ]
