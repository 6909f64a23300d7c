import asyncio
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.http.middleware import rate_limit as rates
from qa.http.middleware.authentication import Caller
from qa.http.middleware.rate_limit import RateLimiter
from qa.http.problems import Refusal
from qa.keys import Keys
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready

QUESTION = {"question": "When does the ferry leave?"}
FEW = {"requests_per_minute": 6, "writes_per_minute": 2}


@pytest.fixture
def limited(settings: Settings) -> Iterator[TestClient]:
    """A service that takes few requests, of clients that have no address."""
    app = create_app(settings.model_copy(update=FEW), open_answerer=open_fake)
    with TestClient(app) as client:
        wait_until_ready(client)
        yield client


def caller(address: str) -> Caller:
    return Caller(address, None, shows_key=False)


def test_every_answer_tells_the_policy_and_what_is_left(limited: TestClient) -> None:
    first = limited.post("/v1/ask", json=QUESTION).headers
    second = limited.get("/v1/articles/none").headers

    assert first["ratelimit-policy"] == '"requests";q=6;w=60'
    assert first["ratelimit"] == '"requests";r=5;t=60'
    assert second["ratelimit"].startswith('"requests";r=4;t=')


def test_what_writes_has_a_quota_of_its_own(limited: TestClient) -> None:
    headers = limited.delete("/v1/articles/none").headers

    assert headers["ratelimit-policy"] == '"requests";q=6;w=60, "writes";q=2;w=60'
    assert headers["ratelimit"] == '"requests";r=5;t=60, "writes";r=1;t=60'


def test_who_asks_too_often_is_told_the_limit_the_setting_and_when_to_come_back(
    limited: TestClient,
) -> None:
    statuses = [limited.get("/v1/articles").status_code for _ in range(7)]
    refused = limited.post("/v1/ask", json=QUESTION)

    assert statuses == [200] * 6 + [429]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')
    seconds = refused.headers["retry-after"]
    assert 50 <= int(seconds) <= 60
    assert refused.json()["type"] == "urn:problem-type:pullquote:too-many-requests"
    assert refused.json()["detail"] == (
        f"the address unknown has used up its 6 requests in 60 seconds: try again in {seconds} "
        "seconds, or set PULLQUOTE_REQUESTS_PER_MINUTE higher"
    )


def test_who_writes_too_often_may_still_read(limited: TestClient) -> None:
    writes = [limited.delete("/v1/articles/none") for _ in range(3)]

    assert [response.status_code for response in writes] == [404, 404, 429]
    assert "2 writes in 60 seconds" in writes[-1].json()["detail"]
    assert "set PULLQUOTE_WRITES_PER_MINUTE higher" in writes[-1].json()["detail"]
    assert limited.get("/v1/articles").status_code == 200


def test_each_question_of_a_batch_counts(limited: TestClient) -> None:
    batch = {"questions": [QUESTION["question"]] * 4}

    first, second = (limited.post("/v1/ask/batch", json=batch) for _ in range(2))

    assert (first.status_code, first.headers["ratelimit"][:14]) == (200, '"requests";r=2')
    assert second.status_code == 429


def test_a_key_is_counted_apart_from_its_address(limited: TestClient, settings: Settings) -> None:
    for _ in range(7):
        limited.get("/v1/articles")
    key, shown = Keys(settings.library).create("", ["read"])
    headers = {"Authorization": f"Bearer {shown}"}

    responses = [limited.get("/v1/articles", headers=headers) for _ in range(7)]

    assert [response.status_code for response in responses] == [200] * 6 + [429]
    assert f"the key {key.id} has used up" in responses[-1].json()["detail"]


def test_a_wrong_key_is_counted_for_its_address(limited: TestClient) -> None:
    headers = {"Authorization": "Bearer guessed"}

    statuses = [limited.get("/v1/articles", headers=headers).status_code for _ in range(7)]

    assert statuses == [401] * 6 + [429]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/", "/page/main.js", "/docs"])
def test_status_and_page_are_not_counted(limited: TestClient, path: str) -> None:
    responses = [limited.get(path) for _ in range(8)]

    assert {response.status_code for response in responses} == {200}
    assert "ratelimit" not in responses[0].headers


def test_all_is_back_when_the_window_is_over(settings: Settings) -> None:
    few = RateLimiter(settings.model_copy(update={"requests_per_minute": 1}), seconds=1)

    async def spend() -> None:
        allowance = few.allowance(caller("10.0.0.7"), writing=False)
        await allowance.spend(1)
        with pytest.raises(Refusal) as refused:
            await allowance.spend(1)
        assert refused.value.problem.headers["Retry-After"] == "1"
        await asyncio.sleep(1.05)
        await allowance.spend(1)

    asyncio.run(spend())


def test_one_address_does_not_use_up_what_another_has(settings: Settings) -> None:
    few = RateLimiter(settings.model_copy(update={"requests_per_minute": 1}))

    async def spend() -> None:
        for number in range(5):
            await few.allowance(caller(f"10.0.0.{number}"), writing=False).spend(1)

    asyncio.run(spend())


def test_memory_is_bounded_and_callers_beyond_it_share_a_count(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "MOST_COUNTED", 10)
    few = RateLimiter(settings.model_copy(update={"requests_per_minute": 20}))

    async def spend(address: str) -> None:
        await few.allowance(caller(address), writing=False).spend(1)

    async def flood() -> None:
        for number in range(30):
            await spend(f"10.0.0.{number}")
        with pytest.raises(Refusal):
            await spend("10.0.0.99")
        await spend("10.0.0.1")

    asyncio.run(flood())

    assert few.counted == 11


def test_a_full_memory_is_given_back(settings: Settings) -> None:
    few = RateLimiter(settings, seconds=1)

    async def flood() -> None:
        for number in range(100):
            await few.allowance(caller(f"10.0.0.{number}"), writing=False).spend(1)
        deadline = time.monotonic() + 30
        while few.counted > 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
            await few.allowance(caller("10.0.0.1"), writing=False).spend(1)

    asyncio.run(flood())
