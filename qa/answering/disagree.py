"""Agreement and disagreement: which articles say the answer independently, and which another."""

import re
from collections.abc import Sequence

from index.article import Passage
from qa.answering.answer import CompetingValue
from qa.answering.cite import cite
from qa.answering.compare import Proposal, ScoredSpan
from qa.answering.confidence import Calibration, shares_half
from qa.answering.decide import evidence
from qa.answering.sentences import sentence_numbers, without_governing

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNIT = re.compile(r"[^\W\d_]+")

NEARNESS = 0.12
"""How much less a competing value's sentence may suit the question than the answer's does."""

NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty "
    "fifty sixty seventy eighty ninety".split()
)
SCALES = frozenset("hundred thousand million billion".split())


def own_confidence(
    calibration: Calibration, question: str, span: ScoredSpan, proposals: Sequence[Proposal]
) -> float:
    """The confidence in a span by its own passage alone, as if there were no other."""
    own = [Proposal((s,)) for p in proposals for s in p.spans if s.passage is span.passage]
    number = next(n for n, p in enumerate(own) if p.best is span)
    return calibration.confidence(evidence(question, own, number, [span.passage]))


def supported(
    calibration: Calibration, question: str, proposals: Sequence[Proposal], needed: float
) -> Proposal:
    """The best proposal with only those places whose own reading is confident, the best always."""
    best, *others = proposals[0].spans
    kept = [
        span
        for span in others
        if own_confidence(calibration, question, span, proposals) >= needed
        and _speaks_of_the_same(best, span)
    ]
    return Proposal((best, *kept))


def independent_sources(proposal: Proposal) -> int:
    """In how many articles the answer stands independently: reprints and several paragraphs of one
    article count once."""
    counted: list[Passage] = []
    for span in proposal.spans:
        passage = span.passage
        if not any(_same_origin(passage, other) for other in counted):
            counted.append(passage)
    return len(counted)


def competing(
    calibration: Calibration,
    question: str,
    proposals: Sequence[Proposal],
    needed: float,
) -> tuple[Proposal, ...] | None:
    """The best proposal and those that give another value of the same kind for the same thing, in
    other articles, the latest first; None where there are none."""
    best = proposals[0].best
    rivals: list[Proposal] = []
    for proposal in proposals[1:]:
        span = proposal.best
        if (
            span.passage.article.id not in {one.best.passage.article.id for one in rivals}
            and not _same_origin(best.passage, span.passage)
            and values_differ(best.words, span.words)
            and not without_governing(span.passage, span.candidate.span)
            and _speaks_of_the_same(best, span)
            and own_confidence(calibration, question, span, proposals) >= needed
        ):
            rivals.append(Proposal(proposal.spans[:1]))
    if not rivals:
        return None
    ordered = sorted(
        [proposals[0], *rivals],
        key=lambda one: one.best.passage.article.published or "",
        reverse=True,
    )
    return tuple(ordered)


def as_values(proposals: Sequence[Proposal]) -> tuple[CompetingValue, ...]:
    return tuple(CompetingValue(cite(proposal)) for proposal in proposals)


def values_differ(one: str, other: str) -> bool:
    """Whether two quotes give values of the same kind that do not go together: other numbers of
    the same unit, or other dates."""
    mine, its = numbers(one), numbers(other)
    if not mine or not its or mine & its:
        return False
    units, other_units = _units(one), _units(other)
    return not units or not other_units or bool(units & other_units)


def numbers(text: str) -> set[str]:
    """The numbers in a text, written in digits or in words."""
    digits = {found.replace(",", "").rstrip(".") for found in _NUMBER.findall(text)}
    return digits | (NUMBER_WORDS & set(text.lower().replace("-", " ").split()))


_NO_UNIT = frozenset(
    "about around nearly almost over under more less than by on in at of the a to "
    "some only just up".split()
)


def _units(text: str) -> set[str]:
    words = {word.lower().rstrip("s") for word in _UNIT.findall(text)}
    return words - NUMBER_WORDS - SCALES - _NO_UNIT


def _speaks_of_the_same(best: ScoredSpan, span: ScoredSpan) -> bool:
    return _suits(span) >= _suits(best) - NEARNESS


def _suits(span: ScoredSpan) -> float:
    numbers_ = sentence_numbers(span.passage, span.candidate.span)
    return max((span.passage.sentence_scores[number] for number in numbers_), default=0.0)


def _same_origin(one: Passage, other: Passage) -> bool:
    if one.article.id == other.article.id:
        return True
    places = {place.article.id for place in one.places} & {p.article.id for p in other.places}
    return bool(places) or shares_half(one.text, other.text)
