"""Forms: which form an answer takes, by the kind of the question and what was found for it."""

from collections.abc import Mapping, Sequence

from index.article import Passage
from index.stopwords import content_words, words_of
from qa.answering.conversation import ABOUT
from qa.answering.question_kind import Kind, shipped

CERTAIN = 0.5
"""A question is of another kind than ``quote`` from this probability on."""

TOLD_FROM = 0.6
"""And of one that the articles are not asked for from this one on."""

CALCULATED_FROM = 0.75
"""And one that asks for a calculation from this one on."""

METADATA: frozenset[Kind] = frozenset({"published", "author", "source", "title"})

SERVICE: frozenset[Kind] = frozenset({"help", "library"})

TOLD: frozenset[Kind] = SERVICE | METADATA | {"smalltalk", "order", "calculation", "gibberish"}
"""Kinds that are not answered from the articles' texts."""


def kind_of(question: str, text: str, passages: Sequence[Passage]) -> Kind:
    """The kind of a question; of one that is understood as another ``text`` that of this, unless
    what was written asks for nothing in the articles.

    What uses the articles' own words is no question about the service and no gibberish.
    """
    kind = likely(shipped().probabilities(question))
    if question != text and not text.startswith(ABOUT) and kind not in TOLD - METADATA:
        kind = likely(shipped().probabilities(text))
    if kind in SERVICE | {"gibberish"} and is_known(question, passages):
        return "quote"
    return kind


def likely(probabilities: Mapping[Kind, float]) -> Kind:
    """The most probable kind if it is probable enough, else ``quote``."""
    best = max(probabilities, key=probabilities.__getitem__)
    needed = TOLD_FROM if best in TOLD else CERTAIN
    if best == "calculation":
        needed = CALCULATED_FROM
    return best if probabilities[best] >= needed else "quote"


def is_known(question: str, passages: Sequence[Passage]) -> bool:
    """Whether any content word of a question stands in the passages or their titles."""
    said = set().union(
        *(words_of(f"{passage.article.title} {passage.text}") for passage in passages)
    )
    asked = {word for word in content_words(question) if len(word) > 2}
    return not asked.isdisjoint(said)
