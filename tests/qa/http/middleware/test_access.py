import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from starlette.types import Message
from structlog.testing import capture_logs

from qa.http.app import create_app
from qa.http.middleware.access import (
    Access,
    guarded,
    is_loopback,
    openness,
    openness_beyond,
    scope_of,
)
from qa.http.middleware.authentication import Caller
from qa.keys import Keys
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready

ANYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens there
TEXT = {"text": "The lighthouse was lit in 1811."}
QUESTION = {"question": "When does the ferry leave?"}

ASKING: list[tuple[str, str, Any]] = [
    ("GET", "/v1/articles", None),
    ("GET", "/v1/suggestions", None),
    ("GET", "/metrics", None),
    ("POST", "/v1/ask", QUESTION),
    ("POST", "/v1/ask/stream", QUESTION),
    ("POST", "/v1/ask/batch", {"questions": ["When does the ferry leave?"]}),
    ("POST", "/v1/search", {"query": "ferry"}),
    ("POST", "/v1/citations/verify", {"citations": []}),
]
WRITING: list[tuple[str, str, Any]] = [
    ("POST", "/v1/articles", TEXT),
    ("PUT", "/v1/articles/x", TEXT),
    ("DELETE", "/v1/articles/x", None),
]
PUBLIC = ["/", "/page/main.js", "/docs", "/docs/start.js", "/openapi.json", "/healthz", "/readyz"]


@contextmanager
def service(settings: Settings, host: str | None) -> Iterator[TestClient]:
    app = create_app(settings, open_answerer=open_fake, host=host)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture
def exposed(settings: Settings) -> Iterator[TestClient]:
    """A service that other machines can reach."""
    with service(settings, ANYWHERE) as client:
        yield client


@pytest.fixture
def closed(settings: Settings) -> Iterator[TestClient]:
    """A service that needs a key for everything."""
    with service(settings.model_copy(update={"keys_for": "everything"}), "127.0.0.1") as client:
        yield client


def bearer(shown: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shown}"}


def test_on_this_machine_nothing_needs_a_key(settings: Settings) -> None:
    with service(settings, "127.0.0.1") as client:
        for method, path, body in ASKING:
            assert client.request(method, path, json=body).status_code == 200, path
        assert client.post("/v1/articles", json=TEXT).status_code == 201


def test_beyond_this_machine_reading_needs_no_key(exposed: TestClient) -> None:
    for method, path, body in ASKING:
        assert exposed.request(method, path, json=body).status_code == 200, path


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_beyond_this_machine_writing_without_a_key_is_refused_with_a_challenge(
    exposed: TestClient, method: str, path: str, body: Any
) -> None:
    response = exposed.request(method, path, json=body)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="pullquote"'
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["type"] == "urn:problem-type:pullquote:key-needed"
    assert response.json()["detail"] == (
        "adding, replacing and removing articles needs an API key here: send one with the scope "
        "'write' as 'Authorization: Bearer KEY' (the owner makes it with 'pullquote keys create "
        "--scope write'; PULLQUOTE_KEYS_FOR says what needs one)"
    )
    assert exposed.get("/v1/articles").json()["total"] == 2


def test_a_refused_body_is_not_read() -> None:
    sent: list[Message] = []

    async def app(*_: object) -> None:
        raise AssertionError("the application was reached")

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    caller = Caller("10.0.0.7", None, shows_key=False)
    scope = {"type": "http", "method": "POST", "path": "/v1/articles", "state": {"caller": caller}}
    asyncio.run(Access(app, frozenset({"write"}), proxied=False)(scope, receive, send))

    assert sent[0]["status"] == 401


def test_a_key_for_writing_writes(exposed: TestClient, settings: Settings) -> None:
    _, shown = Keys(settings.library).create("", ["write"])

    taken = exposed.post("/v1/articles", json=TEXT, headers=bearer(shown))
    removed = exposed.delete(
        taken.headers["location"], headers={"Authorization": f"bearer {shown}"}
    )

    assert (taken.status_code, removed.status_code) == (201, 204)


@pytest.mark.parametrize(("method", "path", "body"), WRITING)
def test_a_key_for_reading_does_not_write(
    exposed: TestClient, settings: Settings, method: str, path: str, body: Any
) -> None:
    key, shown = Keys(settings.library).create("", ["read"])

    response = exposed.request(method, path, json=body, headers=bearer(shown))

    assert response.status_code == 403
    assert response.headers["www-authenticate"] == (
        'Bearer realm="pullquote", error="insufficient_scope", scope="write"'
    )
    assert response.json()["type"] == "urn:problem-type:pullquote:key-scope"
    assert f"the key {key.id} is not for adding, replacing" in response.json()["detail"]


def test_a_revoked_key_is_refused_from_the_next_request_on(
    exposed: TestClient, settings: Settings
) -> None:
    key, shown = Keys(settings.library).create("", ["read", "write"])
    assert exposed.post("/v1/articles", json=TEXT, headers=bearer(shown)).status_code == 201

    Keys(settings.library).revoke(key.id)

    assert exposed.post("/v1/articles", json=TEXT, headers=bearer(shown)).status_code == 401


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x", "Basic eDp5", f"Bearer pq_{'0' * 16}_{'A' * 43}"],
)
def test_a_wrong_key_is_refused_even_where_none_is_needed(
    client: TestClient, authorization: str
) -> None:
    response = client.post("/v1/ask", json=QUESTION, headers={"Authorization": authorization})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="pullquote", error="invalid_token"'
    assert response.json()["type"] == "urn:problem-type:pullquote:key-unknown"
    assert "'pullquote keys list'" in response.json()["detail"]


def test_two_keys_at_once_are_no_key(exposed: TestClient, settings: Settings) -> None:
    _, shown = Keys(settings.library).create("", ["write"])
    twice = [("Authorization", f"Bearer {shown}"), ("Authorization", "Bearer x")]

    assert exposed.post("/v1/articles", json=TEXT, headers=twice).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), ASKING)
def test_reading_needs_a_key_when_the_setting_says_so(
    closed: TestClient, settings: Settings, method: str, path: str, body: Any
) -> None:
    _, reads = Keys(settings.library).create("", ["read"])
    _, writes = Keys(settings.library).create("", ["write"])

    statuses = [
        closed.request(method, path, json=body, headers=headers).status_code
        for headers in ({}, bearer(writes), bearer(reads))
    ]

    assert statuses == [401, 403, 200]


@pytest.mark.parametrize("path", PUBLIC)
def test_what_holds_nothing_of_the_library_is_open_to_all(closed: TestClient, path: str) -> None:
    assert closed.get(path).status_code == 200
    assert closed.get(path, headers=bearer("stale")).status_code == 200


@pytest.mark.parametrize(
    "path", ["//v1/articles", "/v1/../v1/articles", "/v1/%61rticles", "/V1/articles", "/nowhere"]
)
def test_no_way_of_writing_an_address_leads_around_the_key(closed: TestClient, path: str) -> None:
    assert closed.get(path).status_code == 401
    assert closed.post(path, json=TEXT).status_code == 401


def test_damaged_keys_open_nothing(exposed: TestClient, settings: Settings) -> None:
    _, shown = Keys(settings.library).create("", ["write"])
    Keys(settings.library).path.write_bytes(b"broken" * 1000)

    with capture_logs() as lines:
        response = exposed.post("/v1/articles", json=TEXT, headers=bearer(shown))

    assert response.status_code == 500
    assert str(settings.library) not in response.text
    assert "are damaged" in lines[0]["error"]


def test_the_log_tells_which_key_it_was_and_not_the_key(
    exposed: TestClient, settings: Settings
) -> None:
    key, shown = Keys(settings.library).create("", ["read"])

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        exposed.get("/v1/articles", headers=bearer(shown))
        exposed.get("/v1/articles")

    assert [line.get("key") for line in lines] == [key.id, None]
    assert shown not in repr(lines)


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/anything/new", "/elsewhere"])
def test_a_route_that_is_not_known_to_only_read_is_writing(path: str) -> None:
    assert scope_of("POST", path) == scope_of("BREW", path) == "write"
    assert scope_of("GET", path) == "read"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        (ANYWHERE, False),
        ("::", False),
        ("192.168.0.2", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_loopback_is_this_machine_alone(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("given", "host", "needed"),
    [
        ({}, None, set()),
        ({}, "127.0.0.1", set()),
        ({}, "::", {"write"}),
        ({"trusted_proxies": "127.0.0.1"}, "127.0.0.1", {"write"}),
        ({"keys_for": "writing"}, "127.0.0.1", {"write"}),
        ({"keys_for": "everything"}, "127.0.0.1", {"read", "write"}),
        ({"keys_for": "everything"}, ANYWHERE, {"read", "write"}),
    ],
)
def test_what_needs_a_key_follows_from_the_address_and_the_settings(
    given: dict[str, Any], host: str | None, needed: set[str]
) -> None:
    assert guarded(Settings(**given), host) == needed


def test_the_openness_is_told_in_words(settings: Settings) -> None:
    keys = Keys(settings.library)
    assert openness(settings, "127.0.0.1", keys) == {
        "reading": "everyone on this machine",
        "writing": "everyone on this machine",
    }
    assert openness(settings, ANYWHERE, keys) == {
        "reading": "everyone who reaches 0.0.0.0",
        "writing": "nobody until there is a key: 'pullquote keys create --scope write'",
    }
    keys.create("", ["write"])
    assert openness(settings, ANYWHERE, keys)["writing"] == "who has the one key"
    keys.create("", ["write"])
    assert openness(settings, ANYWHERE, keys)["writing"] == "who has one of 2 keys"


def test_the_description_says_which_operations_need_a_key(exposed: TestClient) -> None:
    paths = exposed.get("/openapi.json").json()["paths"]

    assert paths["/v1/articles"]["post"]["security"] == [{"key": ["write"]}]
    assert paths["/v1/articles"]["get"]["security"] == [{}, {"key": ["read"]}]
    assert "security" not in paths["/healthz"]["get"]
    assert {"401", "403", "429"} <= set(paths["/v1/ask"]["post"]["responses"])


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"],
)
def test_through_a_proxy_that_is_not_trusted_writing_needs_a_key(
    settings: Settings, header: str
) -> None:
    _, shown = Keys(settings.library).create("ours", ["write"])
    passed_on = {header: "192.0.2.1"}
    with service(settings, "127.0.0.1") as client, capture_logs() as lines:
        for method, path, body in ASKING:
            assert client.request(method, path, json=body, headers=passed_on).status_code == 200
        refused = [
            client.request(method, path, json=body, headers=passed_on)
            for method, path, body in WRITING
        ]
        taken = client.post("/v1/articles", json=TEXT, headers=passed_on | bearer(shown))

    assert [response.status_code for response in refused] == [401] * len(WRITING)
    assert "when a proxy passes it on" in refused[0].json()["detail"]
    assert taken.status_code == 201
    told = [line for line in lines if "a proxy that is not trusted" in line["event"]]
    assert len(told) == 1
    assert "PULLQUOTE_TRUSTED_PROXIES" in told[0]["remedy"]


def test_the_start_line_tells_what_is_open_behind_a_proxy_and_to_any_page(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path, cors_origins=("*",))

    said = openness_beyond(settings, "127.0.0.1", Keys(tmp_path))

    assert said["behind_a_proxy"].startswith("reading: everyone whom the proxy lets through; ")
    assert "nobody until there is a key" in said["behind_a_proxy"]
    assert "any site" in said["pages"]
