from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.article import revision_of
from qa.http.schemas import MOST_TAGS
from qa.settings import Settings
from tests.qa.http.conftest import HARBOUR, MUSEUM, open_fake

TEXT = "The lighthouse was lit in 1811.\n\nIts keeper is Ann Lee."


def ids(client: TestClient, **query: Any) -> dict[str, str]:
    """The articles' ids by their titles."""
    listed = client.get("/v1/articles", params=query).json()["articles"]
    return {article["title"]: article["id"] for article in listed}


def test_articles_are_listed_by_title_without_their_texts(client: TestClient) -> None:
    listing = client.get("/v1/articles").json()

    assert (listing["total"], listing["limit"], listing["offset"]) == (2, 50, 0)
    assert listing["articles"] == [
        {
            "id": ids(client)["Harbour"],
            "title": "Harbour",
            "source": "harbour.txt",
            "published": "2026-01-17",
            "author": None,
            "tags": [],
            "revision": revision_of(HARBOUR),
            "characters": len(HARBOUR),
        },
        {
            "id": ids(client)["The museum"],
            "title": "The museum",
            "source": "https://m.example/bath",
            "published": None,
            "author": None,
            "tags": [],
            "revision": revision_of(MUSEUM),
            "characters": len(MUSEUM),
        },
    ]


def test_a_listing_can_be_turned_page_by_page(client: TestClient) -> None:
    page = client.get("/v1/articles", params={"limit": 1, "offset": 1}).json()

    assert [article["title"] for article in page["articles"]] == ["The museum"]
    assert page["total"] == 2


@pytest.mark.parametrize("part", ["MUSEUM", "m.example"])
def test_a_listing_can_be_searched_by_title_and_source(client: TestClient, part: str) -> None:
    assert list(ids(client, q=part)) == ["The museum"]


def test_an_article_is_shown_with_the_places_of_its_parts(client: TestClient) -> None:
    article = client.get(f"/v1/articles/{ids(client)['Harbour']}").json()

    assert article["text"] == HARBOUR
    assert article["headings"] == [{"level": 1, "start": 0, "end": 7, "text": "Harbour"}]
    first, second = article["paragraphs"]
    assert (first["paragraph"], first["heading"]) == (1, "Harbour")
    assert HARBOUR[second["start"] : second["end"]] == "Tickets cost 12 pounds."
    assert [HARBOUR[one["start"] : one["end"]] for one in first["sentences"]] == [
        "The ferry to Skye leaves at noon.",
        "It is called Élan.",
    ]


def test_a_text_is_taken_in_and_can_be_asked_about(client: TestClient) -> None:
    body = {"text": TEXT, "title": "Light", "source": "light.txt", "published": "20260117"}

    response = client.post("/v1/articles", json=body)

    taken = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/articles/{taken['id']}"
    assert (taken["status"], taken["title"], taken["published"]) == ("added", "Light", "2026-01-17")
    assert client.get(response.headers["location"]).json()["text"] == TEXT
    found = client.post("/v1/search", json={"query": "lighthouse keeper", "top_k": 1}).json()
    assert found["passages"][0]["article_id"] == taken["id"]


def test_the_same_text_again_changes_nothing(client: TestClient) -> None:
    client.post("/v1/articles", json={"text": TEXT, "source": "light.txt"})

    response = client.post("/v1/articles", json={"text": TEXT, "source": "light.txt"})

    assert (response.status_code, response.json()["status"]) == (200, "unchanged")


def test_another_text_of_the_same_source_replaces_the_article(client: TestClient) -> None:
    first = client.post("/v1/articles", json={"text": TEXT, "source": "light.txt"}).json()

    response = client.post("/v1/articles", json={"text": TEXT[:31], "source": "light.txt"})

    assert (response.status_code, response.json()["status"]) == (200, "replaced")
    assert response.json()["id"] == first["id"]


def test_an_uploaded_file_is_loaded_by_its_format_and_named_by_its_file(client: TestClient) -> None:
    file = ("light.md", b"# The light\n\n**Ann Lee** keeps it.", "text/markdown")

    response = client.post("/v1/articles", files={"file": file})

    taken = response.json()
    assert response.status_code == 201
    assert (taken["title"], taken["source"]) == ("The light", "light.md")
    article = client.get(f"/v1/articles/{taken['id']}").json()
    assert [heading["text"] for heading in article["headings"]] == ["The light"]


def test_what_is_sent_beside_a_file_goes_before_what_it_says(client: TestClient) -> None:
    fields = {"title": "Mine ", "source": "https://l.example/", "published": "2025-12-31"}

    taken = client.post(
        "/v1/articles", files={"file": ("light.md", b"# The light\n\nIt shines.")}, data=fields
    ).json()

    assert {name: taken[name] for name in fields} == {**fields, "title": "Mine"}


@pytest.mark.parametrize(("count", "status"), [(MOST_TAGS, 201), (MOST_TAGS + 1, 422)])
def test_a_form_may_have_as_many_tags_as_an_article(
    client: TestClient, count: int, status: int
) -> None:
    tags = [f"t{number}" for number in range(count)]
    fields = {"title": "T", "source": "s.txt", "published": "2026-01-17", "author": "A"}

    response = client.post(
        "/v1/articles", files={"file": ("light.txt", TEXT.encode())}, data={**fields, "tags": tags}
    )

    assert response.status_code == status


def test_author_and_tags_are_taken_as_json_and_beside_a_file(client: TestClient) -> None:
    given = {"author": "Ann Lee", "tags": ["light", "sea"]}
    as_json = client.post("/v1/articles", json={"text": TEXT, **given}).json()
    file = ("light.md", b"# The light\n\nIt shines.")
    beside = client.post("/v1/articles", files={"file": file}, data=given).json()

    for taken in (as_json, beside):
        assert {name: taken[name] for name in given} == given
    shown = client.get(f"/v1/articles/{beside['id']}").json()
    assert (shown["author"], shown["tags"]) == ("Ann Lee", ["light", "sea"])
    assert [part["page"] for part in shown["paragraphs"]] == [None]


def test_a_replaced_article_keeps_its_id_and_source(client: TestClient) -> None:
    article_id = ids(client)["Harbour"]

    response = client.put(f"/v1/articles/{article_id}", json={"text": TEXT, "title": "Light"})

    taken = response.json()
    assert (response.status_code, taken["status"]) == (200, "replaced")
    assert (taken["id"], taken["source"], taken["title"]) == (article_id, "harbour.txt", "Light")
    assert client.get(f"/v1/articles/{article_id}").json()["text"] == TEXT


def test_an_article_without_a_source_can_get_another_title(client: TestClient) -> None:
    article_id = client.post("/v1/articles", json={"text": TEXT}).json()["id"]

    taken = client.put(f"/v1/articles/{article_id}", json={"text": TEXT, "title": "Light"}).json()

    assert (taken["id"], taken["title"], taken["status"]) == (article_id, "Light", "replaced")


def test_a_replacement_of_another_source_is_refused(client: TestClient) -> None:
    body = {"text": TEXT, "source": "other.txt"}

    response = client.put(f"/v1/articles/{ids(client)['Harbour']}", json=body)

    assert (response.status_code, response.json()["field"]) == (422, "source")
    assert "leave the source out, or add the article with POST" in response.json()["detail"]


def test_another_text_for_an_article_without_a_source_is_refused(client: TestClient) -> None:
    article_id = client.post("/v1/articles", json={"text": TEXT}).json()["id"]

    response = client.put(f"/v1/articles/{article_id}", json={"text": "Another text."})

    assert (response.status_code, response.json()["field"]) == (422, "text")
    assert "add the text with POST /v1/articles and a source" in response.json()["detail"]
    assert client.get(f"/v1/articles/{article_id}").json()["text"] == TEXT


def test_a_deleted_article_is_gone(client: TestClient) -> None:
    address = f"/v1/articles/{ids(client)['Harbour']}"

    response = client.delete(address)

    assert (response.status_code, response.content) == (204, b"")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_id_is_a_problem_that_quotes_it(client: TestClient, method: str) -> None:
    body = {"text": TEXT} if method == "PUT" else None

    response = client.request(method, "/v1/articles/nosuchid", json=body)

    assert response.status_code == 404
    assert response.json()["type"] == "urn:problem-type:pullquote:article-not-found"
    assert "'nosuchid': list the articles with GET /v1/articles" in response.json()["detail"]


REFUSED: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("no words", {"json": {"text": " \n. "}}, 422, "text", "send the text of an article"),
    ("NUL", {"json": {"text": "a\0b"}}, 422, "text", "NUL character (U+0000) at character 1"),
    ("title", {"json": {"text": TEXT, "title": "a\0"}}, 422, "title", "the value holds a NUL"),
    ("no text", {"json": {"title": "A"}}, 422, "text", "text is missing: send it"),
    ("wrong type", {"json": {"text": 5}}, 422, "text", "text is 5: input should be a valid string"),
    ("unknown", {"json": {"text": TEXT, "url": "x"}}, 422, "url", "url is not a known field"),
    (
        "no date",
        {"json": {"text": TEXT, "published": "17.1.2026"}},
        422,
        "published",
        "'17.1.2026' is no date: write it as 2026-01-17",
    ),
    ("no object", {"json": [1]}, 422, "body", "body is a list of 1"),
    ("binary", {"files": {"file": ("a.txt", b"a\0b")}}, 422, "file", "a NUL byte at byte 1"),
    ("empty", {"files": {"file": ("a.txt", b"")}}, 422, "file", "'a.txt' holds no text"),
    (
        "undecodable",
        {"files": {"file": ("a.txt", "ÄÖÜ äöü éèê".encode() + b"\xff\xfe")}},
        422,
        "file",
        "UTF-8 with a broken character",
    ),
    ("format", {"files": {"file": ("a.exe", b"MZ")}}, 422, "file", "the suffix '.exe', a format"),
    ("no file", {"files": {"other": ("a.txt", b"A b.")}}, 422, "file", "curl -F file=@article.txt"),
    (
        "bad field",
        {"files": {"file": ("a.txt", b"A b.")}, "data": {"url": "x"}},
        422,
        "url",
        "url is not a known field",
    ),
]


@pytest.mark.parametrize(
    ("request_", "status", "field", "detail"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_a_refused_article_is_a_problem_and_leaves_the_library_as_it_was(
    client: TestClient,
    settings: Settings,
    request_: dict[str, Any],
    status: int,
    field: str,
    detail: str,
) -> None:
    before = open_fake(settings).library.revision

    response = client.post("/v1/articles", **request_)

    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["field"]) == (status, status, field)
    assert detail in problem["detail"]
    assert open_fake(settings).library.revision == before


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b"{", "the body is not JSON"), (b'{"text": "\xff"}', "it is not UTF-8")],
)
def test_a_body_that_is_not_json_is_a_problem(
    client: TestClient, content: bytes, detail: str
) -> None:
    response = client.post(
        "/v1/articles", content=content, headers={"content-type": "application/json"}
    )

    assert response.status_code == 400
    assert detail in response.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
def test_a_body_of_another_type_is_a_problem_that_says_what_is_taken(
    client: TestClient, kind: str
) -> None:
    headers = {"content-type": kind} if kind else {}

    response = client.post("/v1/articles", content=TEXT.encode(), headers=headers)

    assert response.status_code == 415
    assert "send application/json, or a file as multipart/form-data" in response.json()["detail"]


def test_a_form_from_another_site_is_refused(client: TestClient) -> None:
    """Any page that a browser shows can post a form to this machine."""
    response = client.post(
        "/v1/articles",
        files={"file": ("a.txt", b"Something planted.")},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
    assert "sent by a page of another site" in response.json()["detail"]
    assert len(ids(client)) == 2


def test_a_form_without_a_boundary_is_a_problem(client: TestClient) -> None:
    response = client.post(
        "/v1/articles", content=b"x", headers={"content-type": "multipart/form-data"}
    )

    assert (response.status_code, response.json()["title"]) == (400, "Bad Request")


def test_tags_and_title_are_changed_and_the_text_stays(client: TestClient) -> None:
    before = client.get("/v1/articles").json()["articles"][0]
    path = f"/v1/articles/{before['id']}"
    text = client.get(path).json()["text"]
    given = {"tags": [" sea ", "sea", "", "boats"], "title": "Harbour news"}
    response = client.patch(path, json=given)
    assert response.status_code == 200
    after = client.get(path).json()
    assert (after["tags"], after["title"]) == (["sea", "boats"], "Harbour news")
    assert (after["text"], after["revision"]) == (text, before["revision"])
    assert after["published"] == before["published"]
    client.patch(path, json={"published": None})
    assert client.get(path).json()["published"] is None
    assert client.get(path).json()["tags"] == ["sea", "boats"]


def test_a_blank_title_keeps_the_old_one_and_an_unknown_article_is_not_found(
    client: TestClient,
) -> None:
    article = client.get("/v1/articles").json()["articles"][0]
    blank = client.patch(f"/v1/articles/{article['id']}", json={"title": " "})
    assert (blank.status_code, blank.json()["title"]) == (200, article["title"])
    assert client.patch("/v1/articles/nothing", json={"tags": []}).status_code == 404


def test_articles_are_listed_by_title_in_natural_order_or_the_latest_first(
    client: TestClient,
) -> None:
    for number, day in ((10, "2026-03-01"), (2, "2026-05-01")):
        body = {"text": f"Part {number} of it.", "title": f"part {number}", "published": day}
        client.post("/v1/articles", json=body)

    def titles(**query: str) -> list[str]:
        listed = client.get("/v1/articles", params=query).json()["articles"]
        return [article["title"] for article in listed]

    assert titles(q="part") == ["part 2", "part 10"]
    assert titles(sort="published")[:3] == ["part 2", "part 10", "Harbour"]
    assert client.get("/v1/articles", params={"sort": "size"}).status_code == 422
