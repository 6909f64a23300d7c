"""The words of a text, with and without those that say little."""

from index.stopwords import content_words, words_of


def test_words_are_counted_once_whatever_their_case() -> None:
    assert words_of("The Ferry, the ferry: ÖL at 10!") == {"the", "ferry", "öl", "at", "10"}
    assert words_of("?!") == set()


def test_content_words_are_those_that_say_what_about() -> None:
    assert content_words("When does the ferry to Skye leave?") == {"ferry", "skye", "leave"}
