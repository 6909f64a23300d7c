"""Replies: what is said to a person where no article is quoted."""

from collections.abc import Sequence

from index.article import Article, Summary

SHOWN_TITLES = 5
"""Titles that a reply names at most."""


def holding(articles: Sequence[Summary], total: int) -> str:
    """What the library holds, in a sentence: its first articles, and how many there are in all."""
    if not articles:
        return "The library is empty: add an article first."
    titles = "; ".join(f"“{article.title}”" for article in articles)
    more = total - len(articles)
    rest = f"; and {more:,} more" if more > 0 else ""
    count = "1 article" if total == 1 else f"{total:,} articles"
    return f"The library holds {count}: {titles}{rest}."


def suggesting(questions: Sequence[str]) -> str:
    """Questions to try, in a sentence; "" without any."""
    return f" You can ask, for example: {' '.join(questions)}" if questions else ""


def smalltalk(held: str, questions: Sequence[str]) -> str:
    """Answers a greeting; ``held`` is what ``holding`` says."""
    return (
        "Hello! Ask a question about the articles, and the answer comes in their own words. "
        f"{held}{suggesting(questions)}"
    )


def service(held: str, questions: Sequence[str]) -> str:
    """Says what can be asked; ``held`` is what ``holding`` says."""
    return (
        "Questions about the articles are answered with quotes from them, each with its place: "
        "facts, yes or no, lists, several questions in one, and overviews. Nothing is made up, and "
        "what the articles don't say is not answered. "
        f"{held}{suggesting(questions)}"
    )


ORDER = (
    "Only questions about the articles are answered, with quotes from them: nothing is written, "
    "judged or done."
)

CALCULATION = (
    "The articles are quoted, and nothing is calculated or compared: ask for each of the values, "
    "and the passages below may hold them."
)

GIBBERISH = "These words make no question: ask in a sentence or in keywords."

FIELDS = {
    "published": "when it was published",
    "author": "who wrote it",
    "source": "where it comes from",
    "title": "what it is called",
}


def metadata(field: str, article: Article) -> str:
    """What is known of an article beside its text."""
    value = getattr(article, field)
    if not value:
        return f"For “{article.title}” it is not recorded {FIELDS[field]}."
    if field == "published":
        return f"“{article.title}” is dated {value} in the library."
    if field == "author":
        return f"“{article.title}” is recorded as written by {value}."
    if field == "title":
        return f"The article is “{article.title}”."
    return f"“{article.title}” comes from {value}."


def foreign(language: str) -> str:
    return (
        f"The question seems to be in {language}, and the articles are not: ask in their language."
    )
