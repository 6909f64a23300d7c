"""Passages and scored spans of made-up articles, for the tests of single steps."""

from index.article import Article, Passage, Span, Structure
from index.ingest.loading import draft_of_text
from qa.answering.compare import ScoredSpan
from qa.reading.reader import Candidate, Reading


def whole(text: str, name: str = "a", published: str | None = None) -> tuple[Article, Structure]:
    """An article of a text, with its parts."""
    draft = draft_of_text(text, name)
    article = Article(name, name, None, published, draft.text, f"sha256:{name}")
    return article, Structure(draft.paragraphs, draft.headings)


def passages(
    text: str, name: str = "a", published: str | None = None, score: float = 0.5
) -> list[Passage]:
    """The paragraphs of a text, whose sentences all go equally well with the question."""
    article, structure = whole(text, name, published)
    return [
        Passage(article, part, score, (score,) * len(part.sentences))
        for part in structure.paragraphs
    ]


def candidate(passage: Passage, words: str, score: float = 1.0) -> Candidate:
    start = passage.article.text.index(words, passage.paragraph.span.start)
    return Candidate(Span(start, start + len(words)), score)


def scored(passage: Passage, words: str, score: float = 1.0, rank: int = 1) -> ScoredSpan:
    return ScoredSpan(passage, candidate(passage, words, score), score, rank)


def reading(passage: Passage, **found: float) -> Reading:
    """What a reader found: words, with _ for a space, and their scores."""
    named = ((words.replace("_", " "), score) for words, score in found.items())
    return Reading(passage, tuple(candidate(passage, words, score) for words, score in named))
