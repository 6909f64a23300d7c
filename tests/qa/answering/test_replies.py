"""What is said where no article is quoted."""

import pytest

from index.article import Article
from qa.answering import replies


def article(author: str | None = "Ida Moe") -> Article:
    return Article("a", "The harbour", "harbour.txt", "2025-03-04", "Text.", "sha256:0", author)


def test_an_empty_library_says_so() -> None:
    assert replies.holding([], 0) == "The library is empty: add an article first."


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("published", "“The harbour” is dated 2025-03-04 in the library."),
        ("author", "“The harbour” is recorded as written by Ida Moe."),
        ("title", "The article is “The harbour”."),
        ("source", "“The harbour” comes from harbour.txt."),
    ],
)
def test_the_data_of_an_article_are_told(field: str, said: str) -> None:
    assert replies.metadata(field, article()) == said


def test_what_is_not_recorded_is_said_to_be_so() -> None:
    said = replies.metadata("author", article(None))
    assert said == "For “The harbour” it is not recorded who wrote it."
