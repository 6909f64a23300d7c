"""Mismatch: what a question says that the place of its answer does not, or says otherwise.

A question that asks of another person, year or circumstance than its paragraph tells of often finds
the paragraph all the same, and a reader that then finds words of the right kind. Each sign here is
a count of what does not fit; ``qa.answering.confidence`` weighs them.
"""

import re

from index.stopwords import STOPWORDS, words_of
from qa.answering.opposites import OPPOSITES

_WORD = re.compile(r"\w+")
_NEGATION = re.compile(
    r"\b(?:cannot|neither|never|no|nobody|none|nor|not|nothing|nowhere|without)\b|n['\u2019]t\b",
    re.IGNORECASE,
)


def names_missing(question: str, said: str) -> float:
    """How many of the question's names and numbers are not among the words that are said.

    Names are words with a capital, but for the first and for those that only shape a question.
    """
    names = {
        word.casefold()
        for place, word in enumerate(_WORD.findall(question))
        if (place and word[0].isupper()) or any(sign.isdigit() for sign in word)
    }
    return float(len(names - words_of(said) - STOPWORDS))


def negation_missing(question: str, said: str) -> float:
    """1 if the question denies something and what is said denies nothing, else 0."""
    return float(bool(_NEGATION.search(question)) and not _NEGATION.search(said))


def opposites(question: str, said: str) -> float:
    """How many of the question's words are not said, but an opposite of theirs is."""
    have = words_of(said)
    missing = words_of(question) - have
    return float(sum(not have.isdisjoint(OPPOSITES.get(word, ())) for word in missing))
