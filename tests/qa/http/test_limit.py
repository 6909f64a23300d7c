from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready

MOST = 1500
JSON = {"content-type": "application/json"}
DETAIL = "the body has more than 1,500 bytes: send less, or set PULLQUOTE_MAX_UPLOAD_BYTES higher"


@pytest.fixture
def small(settings: Settings) -> Iterator[TestClient]:
    """A service that takes little."""
    settings = settings.model_copy(update={"max_upload_bytes": MOST})
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        yield client


def article(size: int) -> bytes:
    """A JSON body of this many bytes."""
    return b'{"text": "' + b"a" * (size - 12) + b'"}'


def test_a_body_at_the_limit_is_taken(small: TestClient) -> None:
    response = small.post("/v1/articles", content=article(MOST), headers=JSON)

    assert response.status_code == 201


BODIES: list[dict[str, Any]] = [
    {"content": article(MOST + 1), "headers": JSON},
    {"content": b"x", "headers": {**JSON, "content-length": "99999999999"}},
    {"files": {"file": ("a.txt", b"a" * MOST)}},
]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/ask"])
@pytest.mark.parametrize("body", BODIES)
def test_a_larger_body_is_a_problem_that_names_the_limit_and_the_setting(
    small: TestClient, path: str, body: dict[str, Any]
) -> None:
    response = small.post(path, **body)

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:problem-type:pullquote:too-large"
    assert response.json()["detail"] == DETAIL
