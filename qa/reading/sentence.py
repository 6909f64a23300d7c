"""The sentence reader: the sentences nearest to the question, whole."""

from collections.abc import Sequence

from index.article import Passage
from qa.reading.reader import Candidate, Reading


class SentenceReader:
    """Takes each sentence for a candidate, scored by how well it goes with the question.

    The scores come with the passages from the search, so reading costs nothing.
    """

    name = "sentence"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return [Reading(passage, _candidates(passage)) for passage in passages]


def _candidates(passage: Passage) -> tuple[Candidate, ...]:
    scored = zip(passage.paragraph.sentences, passage.sentence_scores, strict=True)
    return tuple(
        sorted(
            (Candidate(sentence, score) for sentence, score in scored),
            key=lambda candidate: (-candidate.score, candidate.span.start),
        )
    )
