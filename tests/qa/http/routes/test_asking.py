import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.errors import LibraryCorrupt
from qa.answering.answer_json import answer_document, to_json
from qa.answering.answerer import Answerer
from qa.http import schemas
from qa.http.app import create_app
from qa.reading.reader import Reading
from qa.settings import Settings
from tests.fakes import FirstWordsReader
from tests.qa.http.conftest import EVEN, PATIENCE, open_fake, served, wait_until_ready

QUESTION = "  When does the ferry leave? "
QUESTIONS = [QUESTION, "Who founded the museum?", "What do tickets cost?", "Is Élan a ferry?"]


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def events(text: str) -> list[tuple[str, Any]]:
    """The names and data of server-sent events."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_an_answer_is_what_the_answerer_says(client: TestClient, settings: Settings) -> None:
    expected = to_json(answer_document(open_fake(settings).ask(QUESTION)))

    assert client.post("/v1/ask", json={"question": QUESTION}).content == expected


def test_the_question_comes_back_as_it_was_sent(client: TestClient) -> None:
    assert ask(client, question=QUESTION)["question"] == QUESTION


def test_the_answer_is_of_the_form_that_is_described(client: TestClient) -> None:
    answer = ask(client, question=QUESTION)

    described = schemas.AnswerDocument.model_validate(answer)
    assert list(answer) == list(schemas.AnswerDocument.model_fields)
    assert list(answer["citations"][0]) == list(schemas.CitationDocument.model_fields)
    assert list(answer["passages"][0]) == list(schemas.PassageDocument.model_fields)
    assert described.model_dump() == answer


def test_as_many_passages_come_as_are_asked_for(client: TestClient) -> None:
    assert len(ask(client, question=QUESTION, top_k=2)["passages"]) == 2


def test_a_question_below_the_asked_confidence_gets_a_reason_and_the_passages(
    client: TestClient,
) -> None:
    answer = ask(client, question=QUESTION, min_confidence=0.9)

    assert (answer["answered"], answer["answer"], answer["citations"]) == (False, "", [])
    assert answer["reason"].startswith("The articles don't say. Closest: “")
    assert answer["passages"]


@pytest.mark.parametrize(
    "filters",
    [
        {"sources": ["harbour.txt"]},
        {"published_from": "2026-01-17", "published_to": "2026-01-17"},
    ],
)
def test_filters_choose_the_articles(client: TestClient, filters: dict[str, Any]) -> None:
    answer = ask(client, question="Who founded the museum?", filters=filters)

    assert {passage["title"] for passage in answer["passages"]} == {"Harbour"}


def test_articles_are_chosen_by_their_tags(client: TestClient) -> None:
    light = {"text": "The light is kept by Ann Lee.", "title": "Light", "tags": ["sea", "lamps"]}
    client.post("/v1/articles", json=light)

    answer = ask(client, question="Who founded the museum?", filters={"tags": ["lamps", "land"]})

    assert {passage["title"] for passage in answer["passages"]} == {"Light"}


def test_an_earlier_turn_of_the_conversation_is_taken(client: TestClient) -> None:
    conversation = [{"question": "When does the ferry to Skye leave?", "answer": "noon"}]

    answer = ask(client, question="And what is it called?", conversation=conversation)

    assert answer["question"] == "And what is it called?"


def test_filters_that_nothing_passes_give_no_answer(client: TestClient) -> None:
    answer = ask(client, question=QUESTION, filters={"article_ids": []})

    assert answer["reason"].startswith("No article in the library passes the filters")


def test_times_are_in_the_header_and_not_in_the_body(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": QUESTION})

    stages = [stage.split(";dur=") for stage in response.headers["server-timing"].split(", ")]
    assert [name for name, _ in stages] == ["queue", "search", "read", "total"]
    assert all(float(milliseconds) >= 0 for _, milliseconds in stages)


def test_a_stream_gives_the_passages_then_the_answer_then_the_end(client: TestClient) -> None:
    body = {"question": QUESTION, "top_k": 2}
    answer = ask(client, **body)

    response = client.post("/v1/ask/stream", json=body)

    assert response.headers["content-type"].startswith("text/event-stream")
    revision = answer["library_revision"]
    assert events(response.text) == [
        ("passages", {"passages": answer["passages"], "library_revision": revision}),
        ("answer", answer),
        ("done", {}),
    ]


def test_a_stream_tells_how_long_the_search_took(client: TestClient) -> None:
    response = client.post("/v1/ask/stream", json={"question": QUESTION})

    assert response.headers["server-timing"].startswith("queue;dur=")


class FailingReader(FirstWordsReader):
    """Fails at everything but the question that is asked at the opening."""

    def read(self, question: str, passages: Any) -> list[Reading]:
        if question == QUESTION:
            raise LibraryCorrupt("'/srv/secret/catalogue.sqlite3' is damaged: move it away")
        return super().read(question, passages)


def test_what_goes_wrong_in_a_stream_is_an_event_with_a_problem(settings: Settings) -> None:
    def open_failing(settings: Settings) -> Answerer:
        return Answerer(open_fake(settings).library, FailingReader(), EVEN)

    with TestClient(create_app(settings, open_answerer=open_failing)) as client:
        wait_until_ready(client)
        response = client.post("/v1/ask/stream", json={"question": QUESTION})

    (first, _), (last, problem) = events(response.text)
    assert (first, last) == ("passages", "error")
    assert problem["status"] == 500
    assert problem["request_id"] == response.headers["x-request-id"]
    assert "secret" not in response.text


def test_a_batch_gives_the_answers_in_order(client: TestClient) -> None:
    response = client.post("/v1/ask/batch", json={"questions": QUESTIONS, "top_k": 1})

    assert response.status_code == 200
    assert [answer["question"] for answer in response.json()] == QUESTIONS
    assert all(len(answer["passages"]) == 1 for answer in response.json())


def assert_same_bytes(client: httpx2.Client, questions: list[str]) -> None:
    """Each question alone, in a batch, streamed and among others."""

    def ask_alone(question: str) -> bytes:
        return client.post("/v1/ask", json={"question": question}).content

    alone = [ask_alone(question) for question in questions]
    batch = client.post("/v1/ask/batch", json={"questions": questions}).content
    streams = [client.post("/v1/ask/stream", json={"question": one}).content for one in questions]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask_alone, questions * 4))

    assert len(set(alone)) == len(questions)
    assert batch == b"[" + b",".join(alone) + b"]"
    assert together == alone * 4
    for stream, answer in zip(streams, alone, strict=True):
        assert b"event: answer\ndata: " + answer + b"\n\n" in stream


def test_alone_in_a_batch_streamed_and_among_others_an_answer_has_the_same_bytes(
    app: FastAPI,
) -> None:
    with served(app) as (url, _), httpx2.Client(base_url=url, timeout=PATIENCE) as client:
        assert_same_bytes(client, QUESTIONS)


@pytest.mark.model
def test_the_real_models_give_the_same_bytes_too(seeded: httpx2.Client) -> None:
    assert_same_bytes(
        seeded, ["When did the talks begin?", "What was attacked?", "Who won the 1998 world cup?"]
    )


def test_a_search_gives_passages_and_reads_nothing(client: TestClient) -> None:
    response = client.post("/v1/search", json={"query": "ferry to Skye", "top_k": 1})

    assert response.status_code == 200
    found = response.json()
    assert list(found) == ["query", "passages", "library_revision"]
    assert [passage["text"] for passage in found["passages"]] == [
        "The ferry to Skye leaves at noon. It is called Élan."
    ]
    assert response.headers["server-timing"].startswith("queue;dur=")


def test_a_search_can_be_filtered(client: TestClient) -> None:
    filters = {"sources": ["https://m.example/bath"]}

    found = client.post("/v1/search", json={"query": "ferry", "filters": filters}).json()

    assert {passage["title"] for passage in found["passages"]} == {"The museum"}
