"""The items of a list."""

import pytest

from index.article import Span
from qa.answering.listing import MOST_ITEMS, asks_sentences, enumerated, grown, items
from tests.qa.answering.passages import passages, scored


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Anna Berg, Ole Dahl and Ida Moe", ["Anna Berg", "Ole Dahl", "Ida Moe"]),
        ("rye, oats and barley", ["rye", "oats", "barley"]),
        ("12, 14 or 16", ["12", "14", "16"]),
        ("the old harbour", ["the old harbour"]),
        (
            "the mayor opened the bridge that had been closed for years, and everybody clapped",
            ["the mayor opened the bridge that had been closed for years, and everybody clapped"],
        ),
    ],
)
def test_an_enumeration_is_cut_into_its_items(words: str, parts: list[str]) -> None:
    assert [one.of(words) for one in enumerated(words, Span(0, len(words)))] == parts


def test_a_span_grows_over_the_names_beside_it() -> None:
    text = "Present were Anna Berg, Ole Dahl and Ida Moe."
    start = text.index("Anna")
    assert grown(text, Span(0, len(text)), Span(start, start + 9)).of(text) == (
        "Anna Berg, Ole Dahl and Ida Moe"
    )


def test_items_stand_in_the_order_of_the_text_and_none_twice() -> None:
    first, second = passages("Lund and Olten lose it.\n\nOlten too, and Brigg loses it as well.")
    spans = [scored(second, "Brigg", 3.0, 2), scored(first, "Lund", 2.0), scored(second, "Olten")]
    found = [item.words for item, _ in items(spans, whole=False)]
    assert found == ["Lund", "Olten", "Brigg"]


def test_a_list_has_a_limited_number_of_items() -> None:
    names = [f"Name{chr(65 + number)}" for number in range(MOST_ITEMS + 3)]
    (passage,) = passages(f"They are {', '.join(names)}.")
    assert len(items([scored(passage, names[0])], whole=False)) <= MOST_ITEMS


def test_long_spans_are_sentences_and_short_ones_names() -> None:
    (passage,) = passages("Anna came. The house was painted red by all of the members.")
    assert not asks_sentences([scored(passage, "Anna")])
    assert asks_sentences([scored(passage, "was painted red by all of the members")])
