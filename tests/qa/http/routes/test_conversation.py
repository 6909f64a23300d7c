"""Asking on: a question that comes with the turns before it."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from qa.answering.answer_json import answer_document
from qa.answering.conversation import Turn
from qa.answering.question import LONGEST_EARLIER_ANSWER, MOST_TURNS
from qa.settings import Settings
from tests.qa.http.conftest import open_fake
from tests.qa.http.routes.test_asking import events

TURN = {"question": "When does the ferry to Skye leave?", "answer": "noon"}


def test_a_follow_up_says_how_it_was_understood(client: TestClient, settings: Settings) -> None:
    turn = Turn(TURN["question"], TURN["answer"])
    expected = answer_document(open_fake(settings).ask("And it?", conversation=[turn]))

    answer = client.post("/v1/ask", json={"question": "And it?", "conversation": [TURN]}).json()

    assert answer == expected
    assert answer["question"] == "And it?"
    assert answer["understood_as"] == "About the ferry to Skye: it?"


def test_without_a_conversation_a_question_is_understood_as_written(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": "And it?"}).json()["understood_as"] is None


def test_a_follow_up_is_streamed_as_it_is_answered(client: TestClient) -> None:
    body = {"question": "And it?", "conversation": [TURN]}

    streamed = dict(events(client.post("/v1/ask/stream", json=body).text))

    assert streamed["answer"] == client.post("/v1/ask", json=body).json()
    assert streamed["passages"]["passages"] == streamed["answer"]["passages"]


@pytest.mark.parametrize(
    ("conversation", "field"),
    [
        ([TURN] * (MOST_TURNS + 1), "conversation"),
        ([TURN | {"question": " "}], "conversation.0.question"),
        ([TURN | {"answer": "x" * (LONGEST_EARLIER_ANSWER + 1)}], "conversation.0.answer"),
        ([TURN | {"more": 1}], "conversation.0.more"),
        ("When?", "conversation"),
    ],
    ids=["too many turns", "blank question", "long answer", "unknown field", "no list"],
)
def test_a_conversation_that_cannot_have_been_is_refused(
    client: TestClient, conversation: Any, field: str
) -> None:
    response = client.post("/v1/ask", json={"question": "Why?", "conversation": conversation})

    assert response.status_code == 422
    assert response.json()["field"] == field


@pytest.mark.model
@pytest.mark.parametrize(
    ("first", "follow_up", "paragraph", "quote"),
    [
        ("What are the talks about?", "and when did they start?", 1, "January 17, 2026"),
        ("When did the talks begin?", "why?", 1, "diplomatic effort"),
        ("Who supports Ukraine?", "what about Canada?", 7, "supporter"),
        ("Where were Russian military vehicles shown?", "When?", 2, "January 16, 2026"),
    ],
)
def test_a_person_can_ask_on_about_the_seed(
    seeded: httpx2.Client, first: str, follow_up: str, paragraph: int, quote: str
) -> None:
    answer = seeded.post("/v1/ask", json={"question": first}).json()["answer"]
    turns = [{"question": first, "answer": answer}]

    asked_on = {"question": follow_up, "conversation": turns}
    best = seeded.post("/v1/ask", json=asked_on).json()["citations"][0]

    assert best["paragraph"] == paragraph
    assert quote in best["quote"]
