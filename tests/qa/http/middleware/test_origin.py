from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready

HOST = "localhost:8000"
TEXT = {"text": "The lighthouse was lit in 1811."}
UNSAFE = [
    ("POST", "/v1/articles"),
    ("POST", "/v1/ask"),
    ("POST", "/v1/citations/verify"),
    ("PUT", "/v1/articles/x"),
    ("DELETE", "/v1/articles/x"),
]
OTHERS = [
    "http://localhost:3000",
    "http://localhost",
    "http://127.0.0.1:8000",
    "https://evil.example",
    "https://localhost:8000.evil.example",
    "null",
    "",
    "file://",
    "http://localhost:http",
]


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("origin", OTHERS)
def test_a_page_of_another_origin_can_change_nothing(
    client: TestClient, method: str, path: str, origin: str
) -> None:
    response = client.request(method, path, json=TEXT, headers={"Host": HOST, "Origin": origin})

    assert response.status_code == 403
    assert response.json()["type"].endswith(":other-origin")
    assert "PULLQUOTE_CORS_ORIGINS" in response.json()["detail"]


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_nor_can_one_that_only_says_that_it_is_of_another_site(
    client: TestClient, site: str
) -> None:
    form = {"file": ("a.txt", b"The lighthouse was lit in 1811.")}
    response = client.post("/v1/articles", files=form, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": HOST, "Origin": f"http://{HOST}"},
        {"Host": "docs.example", "Origin": "https://docs.example"},
        {"Host": "docs.example:443", "Origin": "https://docs.example"},
        {"Host": "LOCALHOST:8000", "Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_the_own_page_and_programs_can(client: TestClient, headers: Mapping[str, str]) -> None:
    assert client.post("/v1/articles", json=TEXT, headers=dict(headers)).status_code == 201


def test_two_origins_are_none(client: TestClient) -> None:
    twice = [("Host", HOST), ("Origin", f"http://{HOST}"), ("Origin", "https://evil.example")]
    assert client.post("/v1/articles", json=TEXT, headers=twice).status_code == 403


def test_reading_needs_no_origin(client: TestClient) -> None:
    assert client.get("/v1/articles", headers={"Origin": "https://a.example"}).status_code == 200


def test_an_allowed_origin_may_what_the_own_page_may(settings: Settings) -> None:
    allowed = settings.model_copy(update={"cors_origins": ("https://a.example",)})
    with TestClient(create_app(allowed, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        statuses = [
            client.post("/v1/articles", json=TEXT, headers={"Origin": origin}).status_code
            for origin in ("https://a.example", "https://b.example")
        ]

    assert statuses == [201, 403]


def test_with_any_origin_allowed_writing_needs_a_key(settings: Settings) -> None:
    anyone = settings.model_copy(update={"cors_origins": ("*",)})
    app = create_app(anyone, open_answerer=open_fake, host="127.0.0.1")
    with TestClient(app, "http://localhost") as client:
        wait_until_ready(client)
        origin = {"Origin": "https://evil.example"}
        asked = client.post("/v1/ask", json={"question": "What leaves at noon?"}, headers=origin)
        written = client.post("/v1/articles", json=TEXT, headers=origin)
        removed = client.delete("/v1/articles/x", headers=origin)

    assert [asked.status_code, written.status_code, removed.status_code] == [200, 401, 401]
