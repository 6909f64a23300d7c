"""JSON and JSON Lines: objects as articles."""

import json
from typing import Any

import pytest

from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits, Loaded, load_all
from tests.index.ingest.loading.files import WORDS

ARTICLE = {
    "text": WORDS,
    "title": "Ferries",
    "source": "https://courier.example/1",
    "published": "2025-02-11",
    "author": "Ann Lee",
    "tags": ["sea", "boats", "sea"],
    "words": 5,
}


def load(text: str, name: str = "a.json", **limits: int) -> Loaded:
    return load_all(text.encode(), name, limits=Limits(**limits))


def test_an_object_is_an_article_with_its_particulars() -> None:
    (draft,) = load(json.dumps(ARTICLE)).drafts
    assert (draft.text, draft.title, draft.author) == (WORDS, "Ferries", "Ann Lee")
    assert (draft.source, draft.published) == ("https://courier.example/1", "2025-02-11")
    assert draft.tags == ("sea", "boats")


def test_other_spellings_are_understood() -> None:
    other = {
        "text": WORDS,
        "url": "https://courier.example/1",
        "date": "2025-02-11T08:30:00Z",
        "author": ["Ann Lee", "Bo Ray"],
        "tags": "sea",
    }
    (draft,) = load(json.dumps(other)).drafts
    assert (draft.source, draft.published) == ("https://courier.example/1", "2025-02-11")
    assert (draft.author, draft.tags) == ("Ann Lee, Bo Ray", ("sea",))


def test_a_list_of_objects_is_an_article_each() -> None:
    loaded = load(json.dumps([{"text": "One."}, {"text": "Two."}]))
    assert [draft.text for draft in loaded.drafts] == ["One.", "Two."]
    assert [draft.source for draft in loaded.sourced("a.json")] == ["a.json#1", "a.json#2"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "upload"])
def test_lines_of_objects_are_an_article_each(name: str) -> None:
    loaded = load('{"text": "One."}\n\n{"text": "Two.\\u2028"}\r\n', name)
    assert [draft.text for draft in loaded.drafts] == ["One.", "Two.\u2028"]


def test_a_wrong_line_is_refused_by_its_number_and_the_others_are_taken() -> None:
    loaded = load('{"text": "One."}\n{"text": \n{"title": "x"}\n{"text": "Four."}', "a.jsonl")
    assert [draft.text for draft in loaded.drafts] == ["One.", "Four."]
    assert loaded.places == ("#1", "#4")
    (second, third) = loaded.refused
    assert second.name == "a.jsonl#2"
    assert second.reason.startswith("'a.jsonl#2' is no JSON (Expecting value")
    assert third.reason.startswith('\'a.jsonl#3\' has no "text": give {"text": ')


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (5, "holds no object"),
        ({"title": "Ferries"}, 'has no "text"'),
        ({"text": 5}, "has as \"text\" '5': give a string"),
        ({"text": WORDS, "title": {}}, 'has as "title" an object: give a string'),
        ({"text": WORDS, "tags": [1]}, "has as \"tags\" '[1]': give a string or a list of strings"),
        ({"text": "a\0b"}, "the text holds a NUL character"),
        ({"text": WORDS, "tags": ["\ud83d"]}, "the tags holds a lone surrogate"),
    ],
)
def test_an_object_that_is_no_article_is_refused_with_the_reason(value: Any, reason: str) -> None:
    with pytest.raises(InputError) as refusal:
        load(json.dumps(value))
    assert refusal.value.field == "file"
    assert str(refusal.value).startswith("'a.json'")
    assert reason in str(refusal.value)


def test_an_empty_list_and_an_empty_text_are_empty() -> None:
    for text in ("[]", '{"text": " "}'):
        with pytest.raises(EmptyArticle, match=r"^'a\.json'"):
            load(text)


@pytest.mark.parametrize("text", ["{a", "words\nand more", "[" * 100_000 + "a", '{"text": "a"'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.json' is no JSON \("):
        load(text)


def test_too_many_and_too_long_articles_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="has 3 articles, more than the 2 taken: set PULLQUOTE"):
        load('{"text": "One."}\n' * 3, max_file_articles=2)
    loaded = load('{"text": "One."}\n{"text": "Three."}', max_article_characters=5)
    assert len(loaded.drafts) == 1
    assert "PULLQUOTE_MAX_ARTICLE_CHARACTERS" in loaded.refused[0].reason
