"""Agreement and disagreement of articles."""

from dataclasses import replace

import pytest

from index.article import Passage
from qa.answering.compare import Proposal
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.answering.disagree import (
    as_values,
    competing,
    independent_sources,
    supported,
    values_differ,
)
from tests.qa.answering.passages import passages, scored

CERTAIN = Calibration(0.0, (0.0,) * len(FEATURES), threshold=0.4, comparison=Comparison(1.0))
"""Every reading is right with a probability of one half."""

QUESTION = "What did the bridge cost?"


def one(text: str, name: str, published: str | None = None, score: float = 0.5) -> Passage:
    (passage,) = passages(text, name, published, score)
    return passage


MAY = one("The bridge will cost 48 million euros.", "may", "2025-05-01")
SEPTEMBER = one("It has cost the town 61 million euros.", "september", "2025-09-01")
COPY = one("The bridge will cost 48 million euros, says our reporter.", "copy", "2025-05-02")


@pytest.mark.parametrize(
    ("mine", "its", "differ"),
    [
        ("48 million euros", "61 million euros", True),
        ("48.5 million", "48.5 million euros", False),
        ("three people", "five people", True),
        ("12 tons", "14 people", False),
        ("Anna Berg", "Ole Dahl", False),
        ("1 May", "1 May 2025", False),
    ],
)
def test_values_differ_when_their_numbers_of_one_unit_do(mine: str, its: str, differ: bool) -> None:
    assert values_differ(mine, its) is differ


def test_the_latest_of_competing_values_comes_first() -> None:
    proposals = [
        Proposal((scored(MAY, "48 million euros", 2.0),)),
        Proposal((scored(SEPTEMBER, "61 million euros", 1.0),)),
    ]
    found = competing(CERTAIN, QUESTION, proposals, 0.4)
    assert found is not None
    values = as_values(found)
    assert [(value.text, value.published) for value in values] == [
        ("61 million euros", "2025-09-01"),
        ("48 million euros", "2025-05-01"),
    ]


def test_a_doubtful_or_hedged_value_or_one_of_something_else_does_not_compete() -> None:
    best = Proposal((scored(MAY, "48 million euros", 2.0),))
    rival = Proposal((scored(SEPTEMBER, "61 million euros", 1.0),))
    assert competing(CERTAIN, QUESTION, [best, rival], 0.6) is None
    hedged = one("It may have cost 70 million euros.", "hedged")
    other = one("The new school has cost 9 million euros.", "other", score=0.1)
    rivals = [
        Proposal((scored(hedged, "70 million euros"),)),
        Proposal((scored(other, "9 million euros"),)),
    ]
    assert competing(CERTAIN, QUESTION, [best, *rivals], 0.4) is None


def test_copies_of_a_text_are_one_source() -> None:
    spans = (scored(MAY, "48 million euros"), scored(COPY, "48 million euros"))
    assert independent_sources(Proposal(spans)) == 1
    own = one("Engineers had put the price at 48 million euros at first.", "own")
    assert independent_sources(Proposal((*spans, scored(own, "48 million euros")))) == 2


def test_only_places_whose_own_reading_is_confident_support_an_answer() -> None:
    by_score = replace(CERTAIN, coefficients=(1.0, *CERTAIN.coefficients[1:]))
    own = one("Engineers had put the price at 48 million euros at first.", "own")
    sure, unsure = scored(own, "48 million euros", 2.0), scored(own, "48 million euros", -2.0)
    best = scored(MAY, "48 million euros", 3.0)
    for other, kept in ((sure, 2), (unsure, 1)):
        proposal = supported(by_score, QUESTION, [Proposal((best, other))], 0.4)
        assert len(proposal.spans) == kept
