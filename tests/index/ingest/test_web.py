import json

from index.article import Draft
from index.errors import InputError
from index.ingest.fetching.address import read_address
from index.ingest.fetching.fetched import Fetched
from index.ingest.loading import Limits
from index.ingest.web import taking_in_addresses
from index.library import Addition
from index.sqlite.library import SQLiteLibrary
from tests.fakes import all_articles

LIST = [{"text": "The ferry leaves."}, {"text": ""}, {"text": "The train leaves."}]


def fetch(url: str) -> Fetched:
    if "gone" in url:
        raise InputError(f"{url!r} answers with the status 404: check the address", field="url")
    data = json.dumps(LIST if "list" in url else LIST[0]).encode()
    return Fetched(data, "list.json", "application/json", read_address(url))


def test_each_article_of_each_address_is_told_and_a_refusal_stops_nothing(
    library: SQLiteLibrary,
) -> None:
    urls = ["https://a.example/gone", "https://a.example/list", "https://a.example/one"]

    outcomes = list(taking_in_addresses(library, urls, fetch, Limits()))

    assert [(one.path, one.status, one.place) for one in outcomes] == [
        (urls[0], "refused", ""),
        (urls[1], "added", "#1"),
        (urls[1], "added", "#3"),
        (urls[1], "refused", "#2"),
        (urls[2], "added", ""),
    ]
    assert outcomes[0].reason.endswith("404: check the address")
    assert "holds no words" in outcomes[3].reason
    assert [one.article.source for one in outcomes if one.article] == [
        "https://a.example/list#1",
        "https://a.example/list#3",
        "https://a.example/one",
    ]
    assert {article.text for article in all_articles(library)} == {LIST[0]["text"], LIST[2]["text"]}


def test_the_same_addresses_again_change_nothing(library: SQLiteLibrary) -> None:
    list(taking_in_addresses(library, ["https://a.example/one"], fetch, Limits()))
    (outcome,) = taking_in_addresses(library, ["https://a.example/one"], fetch, Limits())
    assert outcome.status == "unchanged"


def test_an_article_that_the_library_refuses_is_told_with_its_reason() -> None:
    class Refusing:
        def add(self, draft: Draft) -> Addition:
            raise InputError("there is no more room: remove some", field="text")

    (outcome,) = taking_in_addresses(Refusing(), ["https://a.example/one"], fetch, Limits())
    assert (outcome.status, outcome.reason) == ("refused", "there is no more room: remove some")
