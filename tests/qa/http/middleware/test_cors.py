import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import open_fake

PAGE = "https://app.example"
PREFLIGHT = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "DELETE",
    "Access-Control-Request-Headers": "authorization, content-type",
}


@pytest.fixture
def shared(settings: Settings) -> TestClient:
    """A service that pages of another origin may call."""
    settings = settings.model_copy(update={"cors_origins": (PAGE,)})
    return TestClient(create_app(settings, open_answerer=open_fake))


def test_by_default_no_other_origin_is_let_in(client: TestClient) -> None:
    preflight = client.options("/v1/articles/x", headers=PREFLIGHT)
    read = client.get("/v1/articles", headers={"Origin": PAGE})

    assert preflight.status_code == 405
    for response in (preflight, read):
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_an_origin_of_the_setting_may_call_and_read_with_a_key_but_without_cookies(
    shared: TestClient,
) -> None:
    preflight = shared.options("/v1/articles/x", headers=PREFLIGHT)
    read = shared.get("/healthz", headers={"Origin": PAGE})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert "DELETE" in preflight.headers["access-control-allow-methods"]
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert read.headers["access-control-allow-origin"] == PAGE
    assert "RateLimit" in read.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in read.headers


def test_problems_can_be_read_by_that_origin_too(shared: TestClient) -> None:
    refused = shared.get("/v1/articles", headers={"Origin": PAGE, "Authorization": "Bearer x"})

    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"Origin": "https://evil.example"}, "origin"),
        ({"Access-Control-Request-Method": "BREW"}, "method"),
        ({"Access-Control-Request-Headers": "x-other"}, "headers"),
    ],
)
def test_a_preflight_that_fails_is_a_problem_that_says_why(
    shared: TestClient, changed: dict[str, str], wrong: str
) -> None:
    response = shared.options("/v1/articles/x", headers=PREFLIGHT | changed)

    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert f"(wrong: {wrong})" in response.json()["detail"]
    assert "PULLQUOTE_CORS_ORIGINS has the origins" in response.json()["detail"]
    assert response.headers.get("access-control-allow-origin") is None


def test_another_origin_s_request_is_answered_but_the_browser_keeps_it_from_the_page(
    shared: TestClient,
) -> None:
    response = shared.get("/healthz", headers={"Origin": "https://evil.example"})

    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
