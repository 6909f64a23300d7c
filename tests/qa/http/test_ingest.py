"""Taking in what has an address, over HTTP, and what became of many articles at once."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from index.errors import InputError, Overloaded
from index.ingest.loading import Loaded, Refused, draft_of_text
from index.library import go_on
from index.sqlite.library import SQLiteLibrary
from qa.http import examples, schemas
from qa.http.app import create_app
from qa.http.ingest import ingest_all
from qa.http.request_queue import RequestQueue
from qa.settings import Settings
from tests.qa.http.conftest import HARBOUR, open_fake, wait_until_ready
from tests.site import Site, answer, network, redirect, serving

FERRY = b"# The ferry\n\nThe ferry Elan leaves for Skye at noon."


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def fetching(settings: Settings, site: Site) -> Iterator[TestClient]:
    """The service where it may fetch, from the site as if it were public."""
    allowed = settings.model_copy(update={"fetch": True})
    way = network(site, intranet_example=["10.0.0.1"])
    app = create_app(allowed, open_answerer=open_fake, network=way)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def problem(client: TestClient, url: str) -> str:
    response = client.post("/v1/articles", json={"url": url})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"] == "url"
    return str(response.json()["detail"])


def test_an_address_is_refused_unless_a_setting_allows_fetching(client: TestClient) -> None:
    assert problem(client, "https://a.example/ferry").endswith("or set PULLQUOTE_FETCH=true")


def test_a_page_is_fetched_and_cited_by_its_address(fetching: TestClient, site: Site) -> None:
    site.pages["a.example/old"] = redirect("/ferry.md")
    site.pages["a.example/ferry.md"] = answer(FERRY, "text/markdown")

    response = fetching.post("/v1/articles", json={"url": "http://a.example/old"})

    taken = response.json()
    assert (response.status_code, taken["status"]) == (201, "added")
    assert (taken["title"], taken["source"]) == ("The ferry", "http://a.example/ferry.md")
    assert response.headers["location"] == f"/v1/articles/{taken['id']}"
    question = {"question": "what leaves?", "filters": {"article_ids": [taken["id"]]}}
    citation, *_ = fetching.post("/v1/ask", json=question).json()["citations"]
    assert citation["url"].startswith("http://a.example/ferry.md#:~:text=")


def test_the_same_page_again_changes_nothing(fetching: TestClient, site: Site) -> None:
    site.pages["a.example/"] = answer(FERRY, "text/markdown")
    fetching.post("/v1/articles", json={"url": "http://a.example/"})
    response = fetching.post("/v1/articles", json={"url": "http://a.example/"})
    assert (response.status_code, response.json()["status"]) == (200, "unchanged")


def test_a_page_cannot_replace_an_article_of_another_source(
    fetching: TestClient, site: Site
) -> None:
    for claimed in ("https://m.example/bath", "harbour.txt"):
        data = json.dumps({"text": "All lies.", "source": claimed}).encode()
        site.pages["a.example/"] = answer(data, "application/json")
        taken = fetching.post("/v1/articles", json={"url": "http://a.example/"}).json()
        assert taken["source"] == "http://a.example/"
    texts = [
        fetching.get(f"/v1/articles/{article['id']}").json()["text"]
        for article in fetching.get("/v1/articles").json()["articles"]
    ]
    assert HARBOUR in texts
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/", "is at a loopback address"),
        ("http://intranet.example/", "PULLQUOTE_FETCH_PRIVATE=true"),
        ("http://a.example:22/", "PULLQUOTE_FETCH_PORTS"),
        ("http://a.example/inwards", "redirects to what is refused: '10.0.0.1' is at a private"),
        ("http://a.example/gone", "answers with the status 404"),
        ("http://a.example/picture", "is of the type 'image/png'"),
        ("http://a.example/empty", "cannot be used: 'empty.txt' holds no text"),
        ("ftp://a.example/", "has the scheme 'ftp'"),
        ("notes.md", "has the scheme ''"),
        ("", "has the scheme ''"),
    ],
)
def test_each_refusal_is_a_problem_that_names_what_and_the_remedy(
    fetching: TestClient, site: Site, url: str, why: str
) -> None:
    site.pages["a.example/inwards"] = redirect("http://10.0.0.1/")
    site.pages["a.example/picture"] = answer(b"\x89PNG", "image/png")
    site.pages["a.example/empty"] = answer(b" \n", "text/plain")
    assert why in problem(fetching, url)


def test_what_is_sent_beside_an_address_is_refused(fetching: TestClient) -> None:
    body = {"url": "http://a.example/", "text": "The ferry."}
    response = fetching.post("/v1/articles", json=body)
    assert (response.status_code, response.json()["field"]) == (422, "url")
    body = {"url": "http://a.example/", "title": "Ferry"}
    response = fetching.post("/v1/articles", json=body)
    assert (response.status_code, response.json()["field"]) == (422, "title")


def test_a_list_gives_all_its_articles_and_tells_of_each(fetching: TestClient, site: Site) -> None:
    entries = [
        {"text": "The ferry leaves at noon.", "title": "Ferry", "source": "http://a.example/1"},
        {"title": "Nothing"},
        {"text": "The train leaves at one.", "title": "Train", "source": "http://b.example/2"},
    ]
    site.pages["a.example/feed"] = answer(json.dumps(entries).encode(), "application/json")

    response = fetching.post("/v1/articles", json={"url": "http://a.example/feed"})

    told = response.json()
    assert response.status_code == 201
    assert "location" not in response.headers
    assert [(one["title"], one["status"], one["source"]) for one in told["articles"]] == [
        ("Ferry", "added", "http://a.example/1"),
        ("Train", "added", "http://a.example/feed#http://b.example/2"),
    ]
    (refused,) = told["refused"]
    assert refused["name"] == "#2"
    assert 'has no "text"' in refused["reason"]
    again = fetching.post("/v1/articles", json={"url": "http://a.example/feed"})
    assert again.status_code == 200
    assert {one["status"] for one in again.json()["articles"]} == {"unchanged"}


def test_openapi_tells_of_the_address_and_of_both_kinds_of_answers(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    post = description["paths"]["/v1/articles"]["post"]
    parts = description["components"]["schemas"]
    body = post["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert {"$ref": "#/components/schemas/ArticleAddress"} in body
    assert parts["ArticleAddress"]["properties"]["url"]["format"] == "uri"
    assert parts["ArticleAddress"]["additionalProperties"] is False
    for status in ("200", "201"):
        given = post["responses"][status]["content"]["application/json"]["schema"]["anyOf"]
        named = [one["$ref"].rpartition("/")[2] for one in given]
        assert named == ["IngestedArticle", "IngestedArticles"]
    assert body == examples.ARTICLE_BODY["content"]["application/json"]["schema"]["anyOf"]


class Impatient(RequestQueue):
    """Makes two changes and no more."""

    given = 0

    async def change(self, work):  # type: ignore[no-untyped-def]  # as in RequestQueue
        self.given += 1
        if self.given > 2:
            raise Overloaded("too many are waiting: try again later", 1)
        return work(go_on)


def take_in(
    loaded: Loaded, library: SQLiteLibrary
) -> schemas.IngestedArticle | schemas.IngestedArticles:
    return asyncio.run(ingest_all(loaded, library, Impatient(1, 1.0), "url"))


def test_what_no_turn_came_for_is_told_as_refused_and_the_rest_stays_in(
    library: SQLiteLibrary,
) -> None:
    drafts = tuple(draft_of_text(f"Day {n}.", source=f"{n}") for n in range(4))
    told = take_in(Loaded(drafts, places=("#1", "#2", "#3", "#4")), library)
    assert isinstance(told, schemas.IngestedArticles)
    assert [one.status for one in told.articles] == ["added", "added"]
    assert [(one.name, one.reason) for one in told.refused] == [
        ("#3", "too many are waiting: try again later"),
        ("#4", "too many are waiting: try again later"),
    ]
    assert library.counts()[0] == 2


def test_when_nothing_can_be_taken_in_the_first_reason_is_the_error(
    library: SQLiteLibrary,
) -> None:
    refused = tuple(Refused(f"#{n}", f"reason {n}") for n in (1, 2, 3))
    with pytest.raises(InputError, match=r"^reason 1 \(so it is with 2 more\)$") as caught:
        take_in(Loaded(refused=refused), library)
    assert caught.value.field == "url"
    with pytest.raises(InputError, match="it holds no article"):
        take_in(Loaded(), library)
