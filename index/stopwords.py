"""English words that say how something is asked rather than what about."""

import re

STOPWORDS = frozenset(
    """
    a about also an and are as at be been being but by can could did do does doing done for from
    had has have having he her hers him his how i if in into is it its kind many may me might more
    most much my name of on or other our ours shall she should so some such than that the their
    theirs them then there these they this those to type us was we were what when where which
    while who whom whose why will with would you your yours
    """.split()
)

_WORD = re.compile(r"\w+")


def words_of(text: str) -> set[str]:
    """The text's words, each once, without regard to case."""
    return {word.casefold() for word in _WORD.findall(text)}


def content_words(text: str) -> set[str]:
    """The text's words but for ``STOPWORDS``."""
    return words_of(text) - STOPWORDS
