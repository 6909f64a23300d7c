"""Words and their opposites."""

import pytest

from qa.answering.opposites import OPPOSITES


@pytest.mark.parametrize(
    ("word", "opposite"),
    [
        ("first", "last"),
        ("denies", "confirms"),
        ("stopped", "started"),
        ("exited", "entered"),
        ("loving", "hating"),
        ("attaches", "detaches"),
        ("agreeing", "disagreeing"),
        ("agreed", "disagreed"),
        ("enjoyed", "disliked"),
        ("rose", "fell"),
    ],
)
def test_forms_have_the_same_form_of_the_opposite(word: str, opposite: str) -> None:
    assert opposite in OPPOSITES[word]


def test_opposites_are_mutual_and_no_word_is_its_own() -> None:
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[other] for other in others)


def test_words_are_lower_case_and_listed_once() -> None:
    for word, others in OPPOSITES.items():
        assert word.isalpha()
        assert word.islower()
        assert len(set(others)) == len(others)
