"""Deciding: how probably each answer is right, and whether the best one is given."""

import math
from collections.abc import Sequence

from index.article import Passage
from qa.answering.compare import Proposal, overlap, sentence_number, sentence_score
from qa.answering.confidence import Calibration, Evidence, agreement
from qa.answering.cut import widened
from qa.answering.mismatch import names_missing, negation_missing, opposites
from qa.reading.reader import Candidate


def confidences(
    calibration: Calibration,
    question: str,
    proposals: Sequence[Proposal],
    numbers: Sequence[int],
    passages: Sequence[Passage],
) -> list[float]:
    """The probability to be right of each proposal that is numbered; no later one exceeds an
    earlier one's, and together they are at most 1."""
    given: list[float] = []
    for number in numbers:
        own = calibration.confidence(evidence(question, proposals, number, passages))
        left = round(1 - sum(given), 4)
        given.append(max(0.0, min([own, left, *given[-1:]])))
    return given


def evidence(
    question: str, proposals: Sequence[Proposal], number: int, passages: Sequence[Passage]
) -> Evidence:
    """What speaks for one of the proposals, see ``qa.answering.confidence.FEATURES``."""
    best = proposals[number].best
    least = min(proposal.best.score for proposal in proposals)
    others = [one.best.score for one in proposals if not overlap(one.best, best)]
    rivals = [passage.score for passage in passages if passage is not best.passage]
    said = evidence_text(best.passage, best.candidate)
    return Evidence(
        score=best.candidate.score,
        margin=best.score - max(others, default=least),
        passage_score=best.passage.score,
        passage_margin=best.passage.score - max(rivals, default=best.passage.score),
        agreement=agreement(best.words, [passage.text for passage in passages]),
        rank=math.log(best.rank),
        sentence_score=sentence_score(best.passage, best.candidate),
        names_missing=names_missing(question, said),
        negation_missing=negation_missing(question, said),
        opposites=opposites(question, said),
    )


def evidence_text(passage: Passage, candidate: Candidate) -> str:
    """The candidate's words and its sentence, with what the passage stands under."""
    text = passage.article.text
    number = sentence_number(passage, candidate)
    sentence = "" if number is None else passage.paragraph.sentences[number].of(text)
    above = passage.article.title, passage.heading or ""
    return "\n".join([*above, sentence, candidate.span.of(text)])


def why_not(
    passages: Sequence[Passage],
    proposals: Sequence[Proposal],
    confidences: Sequence[float],
    needed: float,
) -> str | None:
    """Why no answer is given, for a person to read; None when one is."""
    if not passages:
        return "No article in the library passes the filters, or the library is empty."
    if not proposals:
        return "The passages nearest to the question hold nothing that could answer it."
    if confidences[0] < needed:
        closest = excerpt(widened(proposals[0]).best.words)
        return f"The articles don't say. Closest: “{closest}” ({in_words(confidences[0])})."
    return None


LONGEST_EXCERPT = 160
"""Characters of a quote at most inside a reason."""


def excerpt(text: str) -> str:
    """A text on one line, its end left out when it is long."""
    plain = " ".join(text.split())
    if len(plain) <= LONGEST_EXCERPT:
        return plain
    return plain[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + "…"


def in_words(confidence: float) -> str:
    """How a confidence is told within a reason, such as "unlikely, 21 %"."""
    words = "unlikely" if confidence < 0.5 else "not certain"
    return f"{words}, {100 * confidence:.0f} %"
