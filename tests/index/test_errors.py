"""The errors."""

import inspect

from index import errors
from index.errors import ArticleNotFound, EmptyArticle, InputError, Overloaded, PullquoteError


def test_the_tree_at_the_top_is_the_tree_of_the_classes() -> None:
    drawn = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = line.replace("│", " ").replace("├──", "   ").replace("└──", "   ")
        name = found.split()[0] if found.split() else ""
        if inspect.isclass(getattr(errors, name, None)):
            depth = (len(found) - len(found.lstrip())) // 4
            above = [*above[:depth], name]
            drawn[name] = above[depth - 1] if depth else "Exception"
    real = {
        name: kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__ and kind.__base__
    }
    assert drawn == real
    assert drawn["LibraryLocked"] == "LibraryError"


def test_an_input_error_names_its_field() -> None:
    error = EmptyArticle("the text holds no words: send some", "text")
    assert isinstance(error, InputError)
    assert (str(error), error.field) == ("the text holds no words: send some", "text")


def test_a_missing_article_is_named_with_the_way_to_find_the_others() -> None:
    error = ArticleNotFound("ab12")
    assert isinstance(error, PullquoteError)
    assert error.article_id == "ab12"
    assert str(error) == "no article has the id 'ab12': list the articles with GET /v1/articles"


def test_an_overload_says_when_to_come_back() -> None:
    assert Overloaded("too many questions are waiting: try again later", 7).retry_after == 7
