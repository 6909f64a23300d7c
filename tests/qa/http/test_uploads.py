"""Uploaded files of every kind: one article, several, and those refused."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.errors import InputError, Overloaded
from qa.http import schemas
from qa.http.app import create_app
from qa.http.uploads import Upload, Uploads
from qa.settings import Settings
from tests.index.ingest.loading.files import archive, document, lines, page, pdf, rss
from tests.qa.http.conftest import open_fake, wait_until_ready

FERRY = "The ferry leaves for Skye at noon."
SEVERAL = {"a.txt": FERRY, "b/c.md": "# Trains\n\nThe train leaves at one.", "d.exe": "MZ"}


def send(client: TestClient, name: str, data: bytes, **fields: str) -> Any:
    return client.post("/v1/articles", files={"file": (name, data)}, data=fields)


@pytest.fixture
def small(settings: Settings) -> Iterator[TestClient]:
    """The service with small limits."""
    limits = {"max_archive_members": 2, "max_article_characters": 50, "max_pages": 1}
    app = create_app(settings.model_copy(update=limits), open_answerer=open_fake)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ferry.html", page(f"<h1>Ferries</h1><p>{FERRY}</p>")),
        ("ferry.pdf", pdf(lines([FERRY]))),
        ("ferry.docx", document((FERRY, ""))),
        ("ferry.json", b'{"text": "The ferry leaves for Skye at noon."}'),
        ("ferry.xml", rss(f"<description>{FERRY}</description>")),
    ],
)
def test_a_file_with_one_article_is_answered_with_it(
    client: TestClient, name: str, data: bytes
) -> None:
    response = send(client, name, data)

    assert response.status_code == 201
    taken = response.json()
    article = client.get(response.headers["location"]).json()
    assert (taken["status"], taken["source"].partition("#")[0]) == ("added", name)
    (sentence,) = article["paragraphs"][-1]["sentences"]
    assert article["text"][sentence["start"] : sentence["end"]] == FERRY


def test_a_paragraph_of_a_pdf_is_shown_with_its_page(client: TestClient) -> None:
    response = send(client, "ferry.pdf", pdf(lines([FERRY]), lines(["It is slow."])))

    paragraphs = client.get(response.headers["location"]).json()["paragraphs"]
    assert [paragraph["page"] for paragraph in paragraphs] == [1, 2]


def test_a_file_with_several_articles_is_answered_with_each_and_those_refused(
    client: TestClient,
) -> None:
    response = send(client, "news.zip", archive(SEVERAL))

    answer = response.json()
    assert (response.status_code, "location" in response.headers) == (201, False)
    assert [(taken["source"], taken["status"]) for taken in answer["articles"]] == [
        ("news.zip/a.txt", "added"),
        ("news.zip/b/c.md", "added"),
    ]
    (refused,) = answer["refused"]
    assert refused["name"] == "/d.exe"
    assert "'news.zip/d.exe' has the suffix '.exe', a format that is not taken" in refused["reason"]


def test_what_a_file_shows_and_its_article_does_not_hold_is_told(client: TestClient) -> None:
    answer = send(client, "a.html", b"<html><p>It costs <del>4</del> 5 crowns.</p></html>").json()

    assert answer["left_out"] == [{"what": "struck passages left out", "count": 1, "place": ""}]


def test_what_is_known_of_an_article_is_cleaned_however_it_is_sent(client: TestClient) -> None:
    given = {
        "text": "It costs 5 crowns.",
        "title": " The\n fee ",
        "author": "  ",
        "tags": ["sea", " sea ", "", "a\n b"],
    }

    id_ = client.post("/v1/articles", json=given).json()["id"]

    article = client.get(f"/v1/articles/{id_}").json()
    assert (article["title"], article["author"], article["tags"]) == (
        "The fee",
        None,
        ["sea", "a b"],
    )


def test_the_same_file_again_changes_nothing(client: TestClient) -> None:
    send(client, "news.zip", archive(SEVERAL))

    response = send(client, "news.zip", archive(SEVERAL))

    assert response.status_code == 200
    assert {taken["status"] for taken in response.json()["articles"]} == {"unchanged"}


def test_the_second_article_of_a_source_is_refused_and_replaces_nothing(client: TestClient) -> None:
    twice = b'{"text": "One.", "source": "x"}\n{"text": "Two.", "source": "x"}'

    answer = send(client, "news.jsonl", twice).json()

    (taken,) = answer["articles"]
    assert client.get(f"/v1/articles/{taken['id']}").json()["text"] == "One."
    assert answer["refused"] == [
        {
            "name": "#2",
            "reason": "it gives the source 'x', and so does one before it: give each its own",
        }
    ]


def test_what_is_sent_beside_several_articles_is_said_of_each_but_for_a_title(
    client: TestClient,
) -> None:
    fields = {"source": "https://c.example/news", "published": "2026-01-17", "author": "Ann Lee"}

    answer = send(client, "news.zip", archive(SEVERAL), **fields).json()

    for taken, place in zip(answer["articles"], ["/a.txt", "/b/c.md"], strict=True):
        assert taken["source"] == f"https://c.example/news{place}"
        assert (taken["published"], taken["author"]) == ("2026-01-17", "Ann Lee")
    refusal = send(client, "news.zip", archive(SEVERAL), title="News")
    assert (refusal.status_code, refusal.json()["field"]) == (422, "title")
    assert (
        "holds several articles, and the title 'News' can only be that of one: leave it"
        in (refusal.json()["detail"])
    )


def test_a_file_of_which_nothing_can_be_used_is_a_problem(client: TestClient) -> None:
    response = send(client, "news.zip", archive({"a.exe": "MZ", "b.exe": "MZ"}))

    problem = response.json()
    assert (response.status_code, problem["field"]) == (422, "file")
    assert problem["detail"].startswith("'news.zip/a.exe' has the suffix '.exe'")
    assert client.get("/v1/articles").json()["total"] == 2


@pytest.mark.parametrize(
    ("name", "data", "detail"),
    [
        ("a.zip", archive(dict.fromkeys("abc", FERRY)), "PULLQUOTE_MAX_ARCHIVE_MEMBERS higher"),
        ("a.pdf", pdf(lines([FERRY]), lines([FERRY])), "PULLQUOTE_MAX_PAGES higher"),
        ("a.txt", FERRY.encode() * 2, "PULLQUOTE_MAX_ARTICLE_CHARACTERS higher"),
    ],
)
def test_a_refusal_names_the_file_the_limit_and_its_setting(
    small: TestClient, name: str, data: bytes, detail: str
) -> None:
    response = send(small, name, data)

    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["field"]) == (422, "file")
    assert f"'{name}' has " in problem["detail"]
    assert f": set {detail} to take it" in problem["detail"]


def test_a_text_has_the_limit_of_a_file(small: TestClient) -> None:
    response = small.post("/v1/articles", json={"text": FERRY * 2})

    problem = response.json()
    assert (response.status_code, problem["field"]) == (422, "text")
    assert problem["detail"] == (
        "the text has 68 characters, more than the 50 taken: "
        "set PULLQUOTE_MAX_ARTICLE_CHARACTERS higher to take it"
    )


def upload(name: str = "a.txt", data: bytes = b"Words.") -> Upload:
    return Upload(data, name, "", schemas.ArticleMetadata())


@pytest.mark.parametrize("name", ["a\0.txt", "a\ud83d.txt"])
def test_a_name_that_is_no_text_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"^the file's name holds a .*: rename it$") as refusal:
        upload(name).load(Settings().limits())
    assert refusal.value.field == "file"


class _Waiting(Upload):
    """A file that takes until it is told."""

    going_on = threading.Event()

    def load(self, limits: Any) -> Any:
        self.going_on.wait(60)
        return super().load(limits)


def test_too_many_files_at_once_are_sent_away_and_a_place_is_free_again(
    settings: Settings,
) -> None:
    async def run() -> None:
        uploads = Uploads(settings.model_copy(update={"queue_length": 1}))
        waiting = _Waiting(b"Words.", "a.txt", "", schemas.ArticleMetadata())
        first = asyncio.create_task(uploads.load(waiting))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match=r"1 files are being read.*set PULLQUOTE_QUEUE_LENGTH"):
            await uploads.load(upload())
        waiting.going_on.set()
        assert (await first).drafts[0].text == "Words."
        assert (await uploads.load(upload())).drafts[0].source == "a.txt"
        uploads.close()

    asyncio.run(run())
