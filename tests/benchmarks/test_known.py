from typing import Any

import pytest

from benchmarks.load.known import Known, citations
from index.article import revision_of

TEXT = "The harbour of Ar opened in 1811. Ann keeps it."
OTHER = "The harbour of Bo opened in 1900."


@pytest.fixture
def known() -> Known:
    known = Known()
    known.add(TEXT)
    known.add(OTHER)
    return known


def answer() -> dict[str, Any]:
    """A right one, with an alternative."""
    sentence = {"start": 0, "end": 33, "text": TEXT[:33]}
    citation = {"revision": revision_of(TEXT), "start": 28, "end": 32, "quote": "1811"}
    alternative = {"revision": revision_of(TEXT), "start": 34, "end": 37, "quote": "Ann"}
    return {
        "answered": True,
        "answer": "1811",
        "reason": None,
        "citations": [citation | {"sentence": sentence}],
        "alternatives": [
            {"citations": [alternative | {"sentence": {"start": 34, "end": 47, "text": TEXT[34:]}}]}
        ],
        "passages": [{"start": 0, "end": 47, "text": TEXT}],
    }


def test_an_answer_that_stands_in_what_was_sent_is_right(known: Known) -> None:
    assert known.wrong_in_answer(answer()) is None
    assert known.wrong_in_answer(answer(), revision_of(TEXT)) is None
    assert citations(answer()) == 2


@pytest.mark.parametrize("part", [("citations", 0), ("alternatives", 0, "citations", 0)])
@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"start": 27}, "does not stand in its text at 27"),
        ({"quote": "1812"}, "'1812' does not stand"),
        ({"revision": "sha256:00"}, "of a text that nobody sent"),
        ({"revision": revision_of(OTHER)}, "does not stand"),
        ({"sentence": {"start": 1, "end": 3, "text": "The"}}, "'The' does not stand"),
    ],
)
def test_a_citation_that_does_not_stand_where_it_says_is_wrong(
    known: Known, part: tuple[Any, ...], changed: dict[str, Any], wrong: str
) -> None:
    given = answer()
    place: Any = given
    for key in part:
        place = place[key]
    place |= changed

    assert wrong in (known.wrong_in_answer(given) or "")


def test_an_answer_from_an_earlier_text_of_the_article_is_wrong(known: Known) -> None:
    wrong = known.wrong_in_answer(answer(), revision_of(OTHER))

    assert wrong == f"the citation is of {revision_of(TEXT)}, and the text now is " + revision_of(
        OTHER
    )


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"answer": "1900"}, "the answer '1900' is none of its citations' quotes"),
        ({"answered": False}, "what is not answered has an answer"),
        ({"passages": [{"start": 1, "end": 4, "text": "The"}]}, "'The' stands in no text at 1"),
    ],
)
def test_an_answer_that_contradicts_itself_or_shows_other_passages_is_wrong(
    known: Known, changed: dict[str, Any], wrong: str
) -> None:
    assert wrong in (known.wrong_in_answer(answer() | changed) or "")
