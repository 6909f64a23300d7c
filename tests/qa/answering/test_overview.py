"""The key sentences of an overview."""

import numpy as np
import pytest

from qa.answering.overview import FEWEST, MOST, Outline, about, overview, subject_of
from tests.qa.answering.passages import passages, whole

TEXT = (
    "The old bridge in Orrin is to be pulled down. A crack was found in its pier in May.\n\n"
    "Why was it not found before? Divers had not been sent since 2011. He said so.\n\n"
    "A new bridge will cost 9 million crowns. The county pays half of that sum."
)


def outline(text: str = TEXT) -> Outline:
    """An article whose sentences are all equally unlike each other."""
    article, structure = whole(text)
    counts = [len(part.sentences) for part in structure.paragraphs]
    vectors = np.eye(sum(counts), dtype=np.float32)
    return Outline(article, structure, np.split(vectors, np.cumsum(counts)[:-1]))


def words(found: Outline, relevance: dict[tuple[str, int, int], float] | None = None) -> list[str]:
    return [key.span.of(key.article.text) for key in overview([found], relevance or {})]


def test_an_overview_has_whole_sentences_in_the_order_of_the_text() -> None:
    found = words(outline())
    assert found[0] == "The old bridge in Orrin is to be pulled down."
    assert FEWEST <= len(found) <= MOST
    assert [TEXT.index(one) for one in found] == sorted(TEXT.index(one) for one in found)


def test_questions_and_scraps_are_no_key_sentences() -> None:
    found = words(outline())
    assert "Why was it not found before?" not in found
    assert "He said so." not in found


def test_what_is_relevant_comes_first() -> None:
    near = "The county pays half of that sum."
    place = ("a", 3, TEXT.index(near))
    assert near in words(outline(), {place: 1.0})


def test_a_sentence_that_repeats_another_is_left_out() -> None:
    lines = [f"Sentence {name} tells of quite another thing." for name in "one two three".split()]
    article, structure = whole(" ".join(["The lead tells of the flood.", *lines]))
    lead, other, third = np.eye(3, dtype=np.float32)
    alike = Outline(article, structure, [np.stack([lead, lead, other, third])])
    assert lines[0] not in words(alike)


def test_an_article_without_sentences_has_no_overview() -> None:
    assert words(outline("Price | 9")) == []


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is this article about?", None),
        ("Summarise the report, please", None),
        ("What are the main points?", None),
        ("What happened with the bridge?", "bridge"),
        ("Tell me about Nikola Tesla", "Nikola Tesla"),
    ],
)
def test_a_subject_is_what_is_left_of_the_question(question: str, subject: str | None) -> None:
    assert subject_of(question) == subject


def test_an_overview_of_a_subject_is_of_the_articles_that_name_it_by_date() -> None:
    (late,) = passages("The bridge is open.", "late", "2025-03-01", 0.9)
    (early,) = passages("The bridge is shut.", "early", "2024-03-01", 0.8)
    (other,) = passages("The school is shut.", "other", "2023-03-01", 0.8)
    (far,) = passages("A bridge in Rome.", "far", None, 0.2)
    assert about([late, early, other, far], "bridge") == ["early", "late"]
    assert about([late, early], None) == ["early", "late"]
    assert about([late], "ferry") == []
