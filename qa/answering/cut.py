"""Cutting: how much of the text a quote takes, so that what governs its words stays."""

from collections.abc import Sequence
from dataclasses import replace

from index.questions import interrogative
from qa.answering.compare import Proposal, ScoredSpan
from qa.answering.sentences import (
    LONGEST_NAMING,
    asks_difference,
    is_level,
    sentence_numbers,
    whole_sentences,
    with_unit,
    without_governing,
)
from qa.reading.reader import Candidate, Reading


def statements(question: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings without candidates that cannot answer: in a sentence that asks itself, of
    punctuation between a table's cells, or the level where a difference is asked for."""
    difference = asks_difference(question)

    def states(reading: Reading, candidate: Candidate) -> bool:
        text, span = reading.passage.article.text, candidate.span
        sentences = reading.passage.paragraph.sentences
        asking = any(
            interrogative(sentences[number].of(text))
            for number in sentence_numbers(reading.passage, span)
        )
        words = span.of(text)
        return (
            not asking
            and any(sign.isalnum() for sign in words)
            and "|" not in words
            and not (difference and is_level(text, span))
        )

    return [
        replace(reading, candidates=tuple(c for c in reading.candidates if states(reading, c)))
        for reading in readings
    ]


def widened(proposal: Proposal, *, whole: bool = False) -> Proposal:
    """A proposal with its spans as far as they must reach: to the whole sentence with ``whole``,
    or where something outside of them governs them or they say more than a name; a bare number to
    its unit. A table's cell stays as it is."""
    return Proposal(tuple(_widened(span, whole=whole) for span in proposal.spans))


def _widened(span: ScoredSpan, *, whole: bool) -> ScoredSpan:
    text, own = span.passage.article.text, span.candidate.span
    wider = whole_sentences(span.passage, own)
    if "|" in wider.of(text):
        return span
    long = len(own.of(text).split()) > LONGEST_NAMING
    if not (whole or long or without_governing(span.passage, own)):
        wider = with_unit(text, wider, own)
    return replace(span, candidate=replace(span.candidate, span=wider))
