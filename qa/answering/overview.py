"""Overview: the key sentences of one or several articles, in the order of the text.

LexRank's idea (Erkan and Radev 2004) without its iteration: a sentence is the more central the
nearer it is to all others. Sentences that open a text or a paragraph count more, and where a
subject is named those that are near it. They are chosen by maximal marginal relevance (Carbonell
and Goldstein 1998), so that none says what another did.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.article import Article, Paragraph, Passage, Span, Structure
from index.embedding.embedder import Floats
from index.questions import interrogative
from index.stopwords import STOPWORDS, words_of

FEWEST, MOST = 3, 6
"""Key sentences of an overview, if there are as many."""

SENTENCES_EACH = 5
"""One key sentence is chosen for so many."""

DIVERSITY = 0.35
"""What nearness to a chosen sentence takes away."""

LEAD, OPENING = 0.35, 0.12
"""What the first sentence of a text and of a paragraph gain."""

SHORTEST = 5
"""Words in a key sentence at least."""

_DANGLING = re.compile(
    r"[\"“”'‘(]|(?:he|she|it|they|this|that|these|those|but|and|so|however|also|then|there|such)\b",
    re.IGNORECASE,
)

DANGLING = 0.12
"""What a sentence loses that begins with a quotation or points back to the one before."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An article with its parts and the vectors of its sentences."""

    article: Article
    structure: Structure
    vectors: Sequence[Floats]


@dataclass(frozen=True, slots=True)
class KeySentence:
    article: Article
    paragraph: Paragraph
    span: Span


Place = tuple[str, int, int]
"""An article's id, a paragraph's number and a sentence's start."""


def overview(outlines: Sequence[Outline], relevance: Mapping[Place, float]) -> list[KeySentence]:
    """The key sentences of articles, in the order of these and of their texts.

    ``relevance`` says how near sentences are to what they shall be about, if anything is named.
    """
    sentences, vectors, priors = _candidates(outlines)
    if not sentences:
        return []
    similarities = vectors @ vectors.T
    near = [relevance.get(_place(one), 0.0) for one in sentences]
    worth = similarities.mean(axis=1) + priors + np.array(near, np.float32)
    wanted = min(MOST, max(FEWEST, round(len(sentences) / SENTENCES_EACH)), len(sentences))
    return [sentences[number] for number in sorted(_chosen(worth, similarities, wanted))]


def _chosen(worth: Floats, similarities: Floats, wanted: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < wanted:
        nearest = similarities[:, chosen].max(axis=1) if chosen else np.zeros(len(worth))
        left = worth - DIVERSITY * nearest
        left[chosen] = -np.inf
        chosen.append(int(np.argmax(left)))
    return chosen


def _candidates(outlines: Sequence[Outline]) -> tuple[list[KeySentence], Floats, Floats]:
    sentences, rows, priors = [], [], []
    for outline in outlines:
        text = outline.article.text
        for number, paragraph in enumerate(outline.structure.paragraphs):
            for place, span in enumerate(paragraph.sentences):
                words = span.of(text)
                if not _is_statement(words):
                    continue
                sentences.append(KeySentence(outline.article, paragraph, span))
                rows.append(outline.vectors[number][place])
                priors.append(
                    (LEAD if number == place == 0 else 0.0)
                    + (OPENING if place == 0 else 0.0)
                    - (DANGLING if _DANGLING.match(words) else 0.0)
                )
    return sentences, np.array(rows, np.float32), np.array(priors, np.float32)


def _is_statement(words: str) -> bool:
    return (
        len(words.split()) >= SHORTEST
        and not interrogative(words)
        and "|" not in words
        and words.rstrip(" \"”’')")[-1:] in ".!…"
    )


_FRAME = re.compile(
    r"\b(?:please|pls|could|can|you|give|me|us|tell|everything|something|anything|all|about|what|"
    r"whats|is|are|was|the|this|that|these|article|articles|text|texts|report|document|story|news|"
    r"summar\w+|sum|up|overview|outline|main|key|points?|takeaways?|facts?|gist|tl;?dr|of|on|in|a|"
    r"an|it|its|happened|happens|happening|going|with|s|did|do|does|say|says|important|short|"
    r"brief\w*|describe|explain|information|info|for|to|by|from|sentence|sentences|or|two|three|"
    r"whole|most|bring|date|speed|know|need|i|my|there|so|and|quick\w*|get|have|has|been|into|"
    r"read|topic|content|contents|latest)\b|[^\w\s]",
    re.IGNORECASE,
)


def subject_of(question: str) -> str | None:
    """What an overview is asked of beyond its frame: "the bridge" in "What happened with the
    bridge?"; None when nothing is named."""
    rest = " ".join(_FRAME.sub(" ", question).split())
    return rest or None


NEAR = 0.75
"""An article is part of the overview if its best passage scores this share of the best one's."""

MOST_NAMED = 3
"""Articles at most that an overview which names a subject is of."""


def about(passages: Sequence[Passage], subject: str | None) -> list[str]:
    """The ids of the articles that an overview is of, by date and then as they were found: all of
    them, or those nearest to the subject if they have a word of it."""
    best: dict[str, Passage] = {}
    for passage in passages:
        best.setdefault(passage.article.id, passage)
    firsts = list(best.values())
    if subject is not None and firsts:
        firsts = [one for one in firsts if one.score >= NEAR * firsts[0].score][:MOST_NAMED]
        firsts = [one for one in firsts if _names(one.article, subject)]
    return [one.article.id for one in sorted(firsts, key=lambda one: one.article.published or "")]


def _names(article: Article, subject: str) -> bool:
    said = words_of(f"{article.title} {article.text}")
    return any(word in said or word.rstrip("s") in said for word in words_of(subject) - STOPWORDS)


def sentence_relevance(passages: Sequence[Passage]) -> dict[Place, float]:
    """How well the sentences of passages go with what was searched for."""
    return {
        (passage.article.id, passage.paragraph.number, sentence.start): score
        for passage in passages
        for sentence, score in zip(
            passage.paragraph.sentences, passage.sentence_scores, strict=True
        )
    }


def _place(key: KeySentence) -> Place:
    return key.article.id, key.paragraph.number, key.span.start
