import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.http.schemas import MOST_TAGS

CONTRACT = {
    "/v1/ask": {"post"},
    "/v1/ask/stream": {"post"},
    "/v1/ask/batch": {"post"},
    "/v1/search": {"post"},
    "/v1/suggestions": {"get"},
    "/v1/articles": {"get", "post"},
    "/v1/articles/{article_id}": {"get", "put", "patch", "delete"},
    "/v1/about": {"get"},
    "/v1/export/docx": {"post"},
    "/v1/citations/verify": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture
def described(client: TestClient) -> dict[str, Any]:
    description: dict[str, Any] = client.get("/openapi.json").json()
    return description


def operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in described["paths"].values() for operation in path.values()]


def test_all_routes_of_the_contract_are_described(described: dict[str, Any]) -> None:
    paths = {path: set(methods) for path, methods in described["paths"].items()}

    assert paths == CONTRACT
    assert all(operation["summary"] for operation in operations(described))
    assert all(operation["description"] for operation in operations(described))


def test_every_operation_describes_its_problems(described: dict[str, Any]) -> None:
    for operation in operations(described):
        for status in ("422", "503", "default"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)):
        assert name in described["components"]["schemas"]


def test_nothing_is_described_that_is_not_used(described: dict[str, Any]) -> None:
    whole = json.dumps(described)

    assert "HTTPValidationError" not in whole
    for name in described["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in whole


def test_an_article_can_be_sent_as_json_or_as_a_file(described: dict[str, Any]) -> None:
    content = described["paths"]["/v1/articles"]["post"]["requestBody"]["content"]

    assert set(content) == {"application/json", "multipart/form-data"}
    form = content["multipart/form-data"]["schema"]["properties"]
    assert form["tags"]["maxItems"] == MOST_TAGS


def test_the_examples_of_input_are_taken(client: TestClient, described: dict[str, Any]) -> None:
    sent = 0
    for path, methods in described["paths"].items():
        body = methods.get("post", {}).get("requestBody", {})
        schema = body.get("content", {}).get("application/json", {}).get("schema")
        if not schema:
            continue
        first = schema.get("anyOf", [schema])[0]  # another is an address, and none is fetched here
        parts = described["components"]["schemas"][first["$ref"].rpartition("/")[2]]
        for example in parts["examples"]:
            assert client.post(path, json=example).status_code in (200, 201), example
            sent += 1
    assert sent == 7


def test_the_page_loads_only_what_is_served_here(client: TestClient) -> None:
    page = client.get("/docs").text

    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(links) == 5
    for link in links:
        assert link.startswith("/")
        assert client.get(link).status_code == 200


def test_the_page_runs_no_script_of_its_own(client: TestClient) -> None:
    assert not re.search(r"<script>|<style|\son\w+=", client.get("/docs").text)
    assert client.get("/docs/start.js").headers["content-type"].startswith("text/javascript")


def test_the_front_points_to_the_documentation(client: TestClient) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert "/docs" in response.text
