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
    quote now stands at ``start:end`` in ``paragraph``. ``gone``: it stands in no paragraph of it,
    or the article is not there any more."""

    status: Literal["valid", "moved", "gone"]
    reason: str
    revision: str | None = None
    start: int | None = None
    end: int | None = None
    paragraph: int | None = None


def verify(claim: Claim, library: Library) -> Verdict:
    """Check a claim against the library as it is now."""
    try:
        article, structure = library.whole(claim.article_id)
    except ArticleNotFound:
        return Verdict("gone", "the article is not in the library")
    return judge(claim, article, structure)


def judge(claim: Claim, article: Article, structure: Structure) -> Verdict:
    """Check a claim against an article.

    Of several places where the quote now stands in a paragraph, the nearest to the claimed one
    counts, and of two as near the first.
    """
    if not claim.quote:
        return Verdict("gone", "the citation quotes nothing", article.revision)
    starts = [
        (start, paragraph.number)
        for paragraph in structure.paragraphs
        for start in _nearest(claim, article.text, paragraph.span)
    ]
    if not starts:
        stands = claim.quote in article.text
        where = "stands in no single paragraph of" if stands else "does not stand in"
        return Verdict("gone", f"the quote {where} the article", article.revision)
    start, number = min(starts, key=lambda found: (abs(found[0] - claim.start), found[0]))
    end = start + len(claim.quote)
    place = (article.revision, start, end, number)
    if (start, end) != (claim.start, claim.end):
        return Verdict("moved", "the quote stands elsewhere in the article", *place)
    if claim.paragraph not in (None, number):
        return Verdict("moved", f"the quote stands in paragraph {number}", *place)
    if claim.revision != article.revision:
        return Verdict("valid", "the article changed, the quote stands where it stood", *place)
    return Verdict("valid", "the quote stands where the citation says", *place)


def _nearest(claim: Claim, text: str, within: Span) -> list[int]:
    """Where the quote starts in a paragraph: last before the claimed place, and first from it."""
    claimed = max(claim.start, 0)
    before = text.rfind(claim.quote, within.start, min(within.end, claimed + len(claim.quote)))
    after = text.find(claim.quote, max(within.start, claimed), within.end)
    return [start for start in (before, after) if start >= 0]
