from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from index.errors import LibraryCorrupt, LibraryLocked, ModelError, Overloaded
from qa.http.app import create_app
from qa.http.opening import NotReady
from qa.http.problems import problem_of
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready, with_two_articles

GOOD = {"question": "When?"}

BAD: list[tuple[str, Any, str, str]] = [
    ("empty", {"question": ""}, "question", "the question has no words: ask in words"),
    ("blank", {"question": " \n"}, "question", "the question has no words: ask in words"),
    ("long", {"question": "a" * 1001}, "question", "has 1,001 characters, and at most 1,000"),
    ("missing", {}, "question", "question is missing: send it"),
    ("wrong type", {"question": 5}, "question", "question is 5: input should be a valid string"),
    ("null", {"question": None}, "question", "question is None: input should be a valid string"),
    (
        "surrogate",
        '{"question": "\\ud800"}',
        "question",
        "a lone surrogate (U+D800) at character 0",
    ),
    ("unknown", GOOD | {"colour": 1}, "colour", "colour is not a known field: leave it out"),
    ("odd name", '{"question": "a", "\\ud800": 1}', "body", "body is '\\ud800': input should be"),
    ("text for number", GOOD | {"top_k": "5"}, "top_k", "top_k is '5': input should be a valid"),
    ("half", GOOD | {"top_k": 1.5}, "top_k", "top_k is 1.5: input should be a valid integer"),
    ("too few", GOOD | {"top_k": 0}, "top_k", "top_k is 0: input should be greater than or equal"),
    ("too many", GOOD | {"top_k": 51}, "top_k", "should be less than or equal to 50"),
    ("confidence", GOOD | {"min_confidence": 1.5}, "min_confidence", "less than or equal to 1"),
    ("not a number", '{"question": "a", "min_confidence": NaN}', "min_confidence", "is nan"),
    ("filter", GOOD | {"filters": {"title": "x"}}, "filters.title", "is not a known field"),
    (
        "date",
        GOOD | {"filters": {"published_from": "soon"}},
        "filters.published_from",
        "'soon' is no date: write it as 2026-01-17",
    ),
    (
        "dates",
        GOOD | {"filters": {"published_from": "2026-02-01", "published_to": "2026-01-01"}},
        "filters",
        "published_from is '2026-02-01', after published_to, '2026-01-01': swap them",
    ),
    (
        "earlier answer",
        '{"question": "a", "conversation": [{"question": "b", "answer": "\\ud800"}]}',
        "conversation.0.answer",
        "a lone surrogate (U+D800) at character 0",
    ),
    ("list", [1, 2], "body", "body is a list of 2"),
    ("text", '"When?"', "body", "body is 'When?'"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    settings = with_two_articles(tmp_path_factory.mktemp("problems"))
    return create_app(settings, open_answerer=open_fake)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """One service for all: what is refused leaves it as it was."""
    with TestClient(app) as client:
        wait_until_ready(client)
        yield client


def post(client: TestClient, path: str, body: Any) -> Any:
    """Send the body, a text as it is."""
    if isinstance(body, str):
        return client.post(path, content=body, headers={"content-type": "application/json"})
    return client.post(path, json=body)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
@pytest.mark.parametrize(
    ("body", "field", "detail"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input_is_a_problem_that_names_the_field_and_the_remedy(
    client: TestClient, path: str, body: Any, field: str, detail: str
) -> None:
    response = post(client, path, body)

    problem = response.json()
    assert response.status_code == 422, problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:problem-type:pullquote:invalid-input"
    assert problem["field"] == field
    assert detail in problem["detail"]


def test_a_whole_number_may_be_written_with_a_point(client: TestClient) -> None:
    asked = client.post("/v1/ask", json=GOOD | {"top_k": 1.0})
    claim = {"article_id": "x", "revision": "x", "start": 0.0, "end": 1.0, "quote": "T"}
    verified = client.post("/v1/citations/verify", json={"citations": [claim | {"paragraph": 1.0}]})

    assert (asked.status_code, len(asked.json()["passages"])) == (200, 1)
    assert verified.status_code == 200


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    problem = client.post("/v1/ask", json={"top_k": 0, "x": 1}).json()

    assert [wrong["field"] for wrong in problem["errors"]] == ["top_k", "question", "x"]


@pytest.mark.parametrize(
    ("questions", "field"),
    [([], "questions"), (["When?"] * 101, "questions"), (["When?", " "], "questions.1")],
)
def test_a_bad_batch_names_the_question(
    client: TestClient, questions: list[str], field: str
) -> None:
    response = client.post("/v1/ask/batch", json={"questions": questions})

    assert (response.status_code, response.json()["field"]) == (422, field)


def test_a_bad_search_names_its_own_field(client: TestClient) -> None:
    response = client.post("/v1/search", json={"query": "?"})

    assert (response.status_code, response.json()["field"]) == (422, "query")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "offset=-1", "limit=x", "page=2"])
def test_a_bad_query_string_names_its_field(client: TestClient, query: str) -> None:
    response = client.get(f"/v1/articles?{query}")

    assert (response.status_code, response.json()["field"]) == (422, query.partition("=")[0])


def test_an_object_of_too_many_fields_is_one_problem(client: TestClient) -> None:
    body = GOOD | {f"x{number}": 1 for number in range(100)}

    problem = client.post("/v1/ask", json=body).json()

    assert problem["errors"] == [
        {
            "field": "body",
            "detail": "the object has 101 fields, and at most 100 are looked at: leave out the "
            "unknown ones",
        }
    ]


def test_not_all_that_is_wrong_is_told_when_it_is_very_much(client: TestClient) -> None:
    body: dict[str, Any] = {"citations": [{}] * 1000}

    problem = client.post("/v1/citations/verify", json=body).json()

    assert len(problem["errors"]) == 50


def test_long_values_are_not_quoted_whole(client: TestClient) -> None:
    problem = client.post("/v1/ask", json=GOOD | {"top_k": "9" * 500, "y" * 500: 1}).json()

    assert all(len(wrong["detail"]) < 200 for wrong in problem["errors"])


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream", "/v1/search", "/v1/ask/batch"])
def test_invalid_json_is_a_problem_that_says_where(client: TestClient, path: str) -> None:
    response = post(client, path, '{"question" "When?"}')

    assert response.status_code == 400
    assert response.json()["type"] == "urn:problem-type:pullquote:invalid-json"
    assert "expecting ':' delimiter at character 12" in response.json()["detail"].lower()


@pytest.mark.parametrize("content", [b'{"question": "\xff"}', b"[" * 100_000, b"1" * 5000])
def test_a_body_that_cannot_be_parsed_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})

    assert response.status_code == 400
    assert response.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_type_than_json_is_a_problem(client: TestClient, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}

    response = client.post("/v1/ask", content=b'{"question": "When?"}', headers=headers)

    assert response.status_code == 415
    assert response.json()["type"] == "urn:problem-type:pullquote:unsupported-type"
    assert "send application/json" in response.json()["detail"]


def test_an_unknown_address_is_a_problem(client: TestClient) -> None:
    response = client.get("/v2/ask")

    assert (response.status_code, response.json()["title"]) == (404, "Not Found")
    assert response.headers["content-type"] == "application/problem+json"
    assert "see /docs" in response.json()["detail"]


def test_a_method_that_is_not_taken_is_a_problem_that_says_which_are(client: TestClient) -> None:
    response = client.get("/v1/ask")

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/articles", "GET, POST"),
        ("/v1/articles/x", "DELETE, GET, PATCH, PUT"),
        ("/", "GET, HEAD"),
    ],
)
def test_all_methods_of_an_address_are_named(client: TestClient, path: str, allowed: str) -> None:
    assert client.request("PROPFIND", path).headers["allow"] == allowed


def test_an_unforeseen_error_tells_the_request_and_nothing_else(
    app: FastAPI, client: TestClient
) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret in /srv/secret")

    with capture_logs():
        response = client.get("/broken", headers={"X-Request-ID": "r-1"})

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == response.json()["request_id"] == "r-1"
    assert "look for the request r-1 in the service's log" in response.json()["detail"]
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("error", "status", "kind", "retry_after"),
    [
        (Overloaded("32 are waiting: try again", 7), 503, "overloaded", "7"),
        (NotReady("the models are being loaded: try again"), 503, "not-ready", "2"),
        (LibraryLocked("'/srv/l' is being written: wait"), 503, "library-locked", "5"),
        (LibraryCorrupt("'/srv/l' is damaged: move it away"), 500, "internal", None),
        (ModelError("'/srv/m' is damaged: reinstall"), 500, "internal", None),
    ],
)
def test_the_services_own_errors_have_their_status_and_leak_no_paths(
    error: Exception, status: int, kind: str, retry_after: str | None
) -> None:
    problem = problem_of(error, "r-2")

    assert problem.status == problem.response().status_code == status
    assert problem.kind == kind
    assert problem.headers.get("Retry-After") == retry_after
    assert "/srv" not in problem.detail


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/articles"),
        ("PUT", "/v1/articles/x"),
        ("POST", "/v1/ask"),
        ("POST", "/v1/ask/batch"),
        ("POST", "/v1/ask/stream"),
        ("POST", "/v1/search"),
        ("POST", "/v1/citations/verify"),
    ],
)
@pytest.mark.parametrize("depth", [500, 950, 100_000])
def test_json_that_lies_deep_in_itself_is_bad_input(
    client: TestClient, method: str, path: str, depth: int
) -> None:
    for form in ('{"text":%s}', '{"question":"why","filters":%s}', "%s"):
        for deep in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
            response = client.request(
                method, path, content=form % deep, headers={"Content-Type": "application/json"}
            )
            assert response.status_code in (400, 422), response.text[:300]
            assert len(response.content) < 10_000


def test_a_library_that_vanishes_is_told_with_the_remedy_and_may_come_back(
    settings: Settings,
) -> None:
    away = settings.library.with_name("away")
    requests: list[tuple[str, str, object]] = [
        ("GET", "/v1/articles", None),
        ("POST", "/v1/ask", {"question": "When does the ferry leave?"}),
        ("POST", "/v1/search", {"query": "ferry"}),
        ("POST", "/v1/articles", {"text": "The lighthouse was lit in 1811."}),
        ("DELETE", "/v1/articles/x", None),
        ("GET", "/readyz", None),
    ]
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        settings.library.rename(away)
        gone = [client.request(method, path, json=body) for method, path, body in requests]
        assert not settings.library.exists()
        away.rename(settings.library)
        back = client.get("/readyz")

    assert [response.status_code for response in gone] == [503] * len(requests)
    assert all("folder" in response.json()["detail"] for response in gone)
    assert back.status_code == 200
