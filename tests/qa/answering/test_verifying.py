"""Citations that hold, moved, or are gone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Structure, revision_of
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.answering.verifying import Claim, Verdict, judge, verify

TEXT = "The ferry leaves at noon. It is late.\n\nTickets cost 12 pounds.\n\nThe ferry is old."


def _judged(claim: Claim, text: str = TEXT) -> Verdict:
    draft = draft_of_text(text)
    article = Article("id", "", None, None, text, revision_of(text))
    return judge(claim, article, Structure(draft.paragraphs, draft.headings))


def _claim(quote: str, start: int | None = None, paragraph: int | None = None) -> Claim:
    start = TEXT.index(quote) if start is None else start
    return Claim("id", revision_of(TEXT), start, start + len(quote), quote, paragraph)


def _place(verdict: Verdict) -> tuple[str, int | None, int | None, int | None]:
    return verdict.status, verdict.start, verdict.end, verdict.paragraph


def test_a_citation_holds_where_its_quote_stands() -> None:
    verdict = _judged(_claim("12 pounds", paragraph=2))
    assert _place(verdict) == ("valid", 52, 61, 2)
    assert verdict.reason == "the quote stands where the citation says"
    assert verdict.revision == revision_of(TEXT)


def test_a_citation_need_not_name_its_paragraph() -> None:
    assert _judged(_claim("12 pounds")).status == "valid"


def test_a_citation_holds_when_the_article_changed_elsewhere() -> None:
    verdict = _judged(_claim("12 pounds"), TEXT.replace("old", "new"))
    assert (verdict.status, verdict.revision) == ("valid", revision_of(TEXT.replace("old", "new")))
    assert verdict.reason == "the article changed, the quote stands where it stood"


def test_a_quote_behind_new_text_moved_with_it() -> None:
    verdict = _judged(_claim("12 pounds"), "At last!\n\n" + TEXT)
    assert _place(verdict) == ("moved", 62, 71, 3)
    assert verdict.reason == "the quote stands elsewhere in the article"


def test_a_quote_in_another_paragraph_than_claimed_moved_there() -> None:
    verdict = _judged(_claim("12 pounds", paragraph=1))
    assert _place(verdict) == ("moved", 52, 61, 2)
    assert verdict.reason == "the quote stands in paragraph 2"


def test_a_quote_that_was_taken_out_is_gone() -> None:
    verdict = _judged(_claim("12 pounds"), TEXT.replace("12", "13"))
    assert _place(verdict) == ("gone", None, None, None)
    assert verdict.reason == "the quote does not stand in the article"


@pytest.mark.parametrize(("start", "found"), [(0, 0), (30, 0), (33, 64), (60, 64), (64, 64)])
def test_of_several_places_the_nearest_counts_and_of_two_the_first(start: int, found: int) -> None:
    """ "The ferry" stands at 0 and 64; 32 lies halfway."""
    assert _judged(_claim("The ferry", start)).start == found
    assert _judged(_claim("The ferry", 32)).start == 0


def test_a_nearer_place_that_is_in_no_paragraph_does_not_count() -> None:
    """A heading is no paragraph."""
    text = "The ferry leaves.\n\nTickets\n\nTickets are sold. You buy Tickets here."
    verdict = _judged(Claim("id", "", 19, 26, "Tickets"), text)
    assert _place(verdict) == ("moved", 28, 35, 2)


def test_a_quote_across_paragraphs_is_gone() -> None:
    verdict = _judged(_claim("late.\n\nTickets"))
    assert verdict.status == "gone"
    assert verdict.reason == "the quote stands in no single paragraph of the article"


def test_an_empty_quote_proves_nothing() -> None:
    assert _judged(Claim("id", revision_of(TEXT), 3, 3, "")) == Verdict(
        "gone", "the citation quotes nothing", revision_of(TEXT)
    )


@pytest.mark.parametrize(
    ("start", "end"), [(-5, 4), (-(10**30), 0), (9, 2), (52, 60), (10**6, 10**6 + 9), (10**30, 0)]
)
def test_whatever_offsets_are_claimed_the_quotes_own_are_told(start: int, end: int) -> None:
    verdict = _judged(Claim("id", revision_of(TEXT), start, end, "12 pounds", 2))
    assert _place(verdict) == ("moved", 52, 61, 2)


@given(st.text("ab \n", max_size=60), st.text("ab", min_size=1, max_size=3), st.integers(-5, 70))
def test_the_place_is_the_nearest_of_all_in_paragraphs(text: str, quote: str, start: int) -> None:
    draft = draft_of_text("x " + text)
    places = [
        (abs(at - start), at)
        for paragraph in draft.paragraphs
        for at in range(paragraph.span.start, paragraph.span.end - len(quote) + 1)
        if draft.text.startswith(quote, at)
    ]
    verdict = _judged(Claim("id", "", start, start + len(quote), quote), draft.text)
    assert verdict.start == (min(places)[1] if places else None)


def test_claims_are_checked_against_the_library_as_it_is(library: SQLiteLibrary) -> None:
    article = library.add(draft_of_text(TEXT, source="ferry.txt")).article
    claim = replace(_claim("12 pounds", paragraph=2), article_id=article.id)
    assert verify(claim, library).status == "valid"
    library.add(draft_of_text("New!\n\n" + TEXT, source="ferry.txt"))
    assert _place(verify(claim, library)) == ("moved", 58, 67, 3)
    library.remove(article.id)
    assert verify(claim, library) == Verdict("gone", "the article is not in the library")
