from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.http.middleware.trusted_hosts import served_hosts
from qa.settings import Settings
from tests.qa.http.conftest import open_fake

ANYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens there


def client_of(settings: Settings, host: str | None) -> TestClient:
    return TestClient(create_app(settings, open_answerer=open_fake, host=host))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST.",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:8000",
        "localhost:",
    ],
)
def test_on_this_machine_it_answers_to_this_machine_s_names(settings: Settings, host: str) -> None:
    response = client_of(settings, "127.0.0.1").get("/healthz", headers={"Host": host})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "[::2]:8000",
        "::1",
        "localhost:80:80",
        "localhost:x",
        "a" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/", "/v1/articles", "/healthz"])
def test_a_name_that_another_site_made_up_is_refused(
    settings: Settings, host: str, path: str
) -> None:
    response = client_of(settings, "127.0.0.1").get(path, headers={"Host": host})

    assert response.status_code == 421
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["type"] == "urn:problem-type:pullquote:unknown-host"
    assert response.json()["detail"] == (
        f"the request is for the host {host[:60]!r}, and this service is localhost, 127.0.0.1, "
        "[::1]: use one of these names, or add yours to PULLQUOTE_ALLOWED_HOSTS"
    )


def test_a_setting_adds_names(settings: Settings) -> None:
    named = settings.model_copy(update={"allowed_hosts": ("docs.example",)})
    client = client_of(named, ANYWHERE)

    statuses = [
        client.get("/healthz", headers={"Host": host}).status_code
        for host in ("docs.example", "localhost", "evil.example")
    ]

    assert statuses == [200, 200, 421]


@pytest.mark.parametrize(
    ("given", "host", "served"),
    [
        ({}, None, None),
        ({}, ANYWHERE, None),
        ({}, "127.0.0.1", ("localhost", "127.0.0.1", "[::1]")),
        ({}, "127.0.0.2", ("localhost", "127.0.0.1", "[::1]", "127.0.0.2")),
        (
            {"allowed_hosts": "A.example, b"},
            "::1",
            ("localhost", "127.0.0.1", "[::1]", "a.example", "b"),
        ),
        ({"allowed_hosts": "*"}, "127.0.0.1", None),
    ],
)
def test_the_names_follow_from_the_address_and_the_setting(
    given: dict[str, Any], host: str | None, served: tuple[str, ...] | None
) -> None:
    assert served_hosts(Settings(**given), host) == served
