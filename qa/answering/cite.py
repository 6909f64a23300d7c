"""Citing: the places of an answer's quotes, in the articles and in their near-duplicates."""

from collections.abc import Iterator

from index.alignment import Place, aligned
from qa.answering.answer import Citation
from qa.answering.compare import Proposal, ScoredSpan, normal


def cite(proposal: Proposal) -> tuple[Citation, ...]:
    """The places of a proposal's quotes, the best first, each followed by its copies."""
    cited = [
        citation
        for span in proposal.spans
        for citation in (_citation(span), *_copied(span, normal(span.words)))
    ]
    places = {(one.article.id, one.span): one for one in reversed(cited)}  # the first of equal ones
    return tuple(one for one in cited if places[one.article.id, one.span] is one)


def _citation(span: ScoredSpan) -> Citation:
    return Citation(span.passage.article, span.passage.paragraph, span.candidate.span)


def _copied(span: ScoredSpan, words: str) -> Iterator[Citation]:
    """The same quote where the copies of its passage have it; what does not hold is left out."""
    own = Place(span.passage.article.text, span.passage.paragraph.span)
    for copy in span.passage.copies:
        place = Place(copy.article.text, copy.paragraph.span)
        found = aligned(span.candidate.span, own, place)
        if found and normal(found.of(copy.article.text)) == words:
            yield Citation(copy.article, copy.paragraph, found)
