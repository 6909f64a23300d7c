from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.ingest.loading import draft_of_text
from tests.fakes import all_articles


def test_suggestions_are_what_the_answerer_can_answer(client: TestClient, app: FastAPI) -> None:
    library = app.state.opening.answerer.library
    for article in all_articles(library):
        library.remove(article.id)
    library.add(draft_of_text("The town of Leith has ordered a ferry from Skye.", source="leith"))

    response = client.get("/v1/suggestions")

    assert response.status_code == 200
    assert response.json() == {"questions": ["What has the town of Leith ordered?"]}


def test_a_library_that_nothing_can_be_asked_of_suggests_nothing(client: TestClient) -> None:
    assert client.get("/v1/suggestions").json() == {"questions": []}
