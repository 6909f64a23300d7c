from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.qa.http.conftest import HARBOUR


@pytest.fixture
def citation(client: TestClient) -> dict[str, Any]:
    """A citation as an answer gives it."""
    body = {"question": "When does the ferry leave?", "filters": {"sources": ["harbour.txt"]}}
    citation: dict[str, Any] = client.post("/v1/ask", json=body).json()["citations"][0]
    return citation


def verdicts(client: TestClient, *citations: dict[str, Any]) -> list[dict[str, Any]]:
    response = client.post("/v1/citations/verify", json={"citations": list(citations)})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["verdicts"]
    return found


def test_a_citation_of_an_answer_is_valid_as_it_came(
    client: TestClient, citation: dict[str, Any]
) -> None:
    assert verdicts(client, citation) == [
        {
            "status": "valid",
            "reason": "the quote stands where the citation says",
            "revision": citation["revision"],
            "start": citation["start"],
            "end": citation["end"],
            "paragraph": citation["paragraph"],
        }
    ]


def test_a_quote_that_moved_is_found_at_its_new_place(
    client: TestClient, citation: dict[str, Any]
) -> None:
    text = HARBOUR.replace("Harbour\n\n", "Harbour\n\nIt rains.\n\n")
    client.put(f"/v1/articles/{citation['article_id']}", json={"text": text})

    [verdict] = verdicts(client, citation)

    assert (verdict["status"], verdict["paragraph"]) == ("moved", citation["paragraph"] + 1)
    assert verdict["start"] == citation["start"] + len("It rains.\n\n")
    assert text[verdict["start"] : verdict["end"]] == citation["quote"]


def test_a_quote_of_a_deleted_article_is_gone(client: TestClient, citation: dict[str, Any]) -> None:
    client.delete(f"/v1/articles/{citation['article_id']}")

    [verdict] = verdicts(client, citation)

    assert (verdict["status"], verdict["start"]) == ("gone", None)
    assert verdict["reason"] == "the article is not in the library"


def test_verdicts_come_in_the_order_of_the_citations(
    client: TestClient, citation: dict[str, Any]
) -> None:
    wrong = citation | {"quote": "nowhere"}

    found = verdicts(client, wrong, citation, wrong)

    assert [verdict["status"] for verdict in found] == ["gone", "valid", "gone"]


def test_a_wrong_field_is_named_with_its_place(
    client: TestClient, citation: dict[str, Any]
) -> None:
    response = client.post(
        "/v1/citations/verify", json={"citations": [citation, citation | {"start": "9"}]}
    )

    assert response.status_code == 422
    assert response.json()["field"] == "citations.1.start"
