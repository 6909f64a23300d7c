"""Verifying: whether a citation still holds in the library, has moved, or is gone."""

from dataclasses import dataclass
from typing import Literal

from index.article import Article, Span, Structure
from index.errors import ArticleNotFound
from index.library import Library


@dataclass(frozen=True, slots=True)
class Claim:
    """What a citation claims: that ``quote`` stands at these code points of that revision."""

    article_id: str
    revision: str
    start: int
    end: int
    quote: str
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``valid``: the quote stands where the claim says. ``moved``: the article changed, and the
    quote now stands at ``start:end`` in ``paragraph``. ``gone``: it stands nowhere in it, or the
    article is not there any more."""

    status: Literal["valid", "moved", "gone"]
    reason: str
    revision: str | None = None
    start: int | None = None
    end: int | None = None
    paragraph: int | None = None


def verify(claim: Claim, library: Library) -> Verdict:
    """Check a claim against the library as it is now."""
    try:
        article = library.get(claim.article_id)
        structure = library.structure(claim.article_id)
    except ArticleNotFound:
        return Verdict("gone", "the article is not in the library")
    return judge(claim, article, structure)


def judge(claim: Claim, article: Article, structure: Structure) -> Verdict:
    """Check a claim against an article.

    Of several places where the quote now stands, the nearest to the claimed one counts.
    """
    found = _nearest(claim, article.text)
    if found is None:
        return Verdict("gone", "the quote does not stand in the article", article.revision)
    number = _paragraph(found, structure)
    if number is None:
        return Verdict(
            "gone", "the quote stands in no single paragraph of the article", article.revision
        )
    place = (article.revision, found.start, found.end, number)
    misplaced = claim.paragraph not in (None, number)
    if found.start == claim.start and found.end == claim.end and not misplaced:
        if claim.revision == article.revision:
            return Verdict("valid", "the quote stands where the citation says", *place)
        return Verdict("valid", "the article changed, the quote stands where it stood", *place)
    return Verdict("moved", "the quote stands elsewhere in the article", *place)


def _nearest(claim: Claim, text: str) -> Span | None:
    if not claim.quote:
        return None
    before = text.rfind(claim.quote, 0, max(0, claim.start) + len(claim.quote))
    after = text.find(claim.quote, max(0, claim.start))
    starts = [start for start in (before, after) if start >= 0]
    if not starts:
        return None
    start = min(starts, key=lambda start: (abs(start - claim.start), start))
    return Span(start, start + len(claim.quote))


def _paragraph(span: Span, structure: Structure) -> int | None:
    for paragraph in structure.paragraphs:
        if paragraph.span.contains(span):
            return paragraph.number
    return None
