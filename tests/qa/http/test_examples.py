"""The examples of the OpenAPI description are what the real models answer over the seeds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.http import examples, schemas
from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import wait_until_ready

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service as it starts, with the real models, over the seeds."""
    settings = Settings(library=tmp_path_factory.mktemp("library"), seeds=SEEDS)
    with TestClient(create_app(settings)) as client:
        wait_until_ready(client)
        yield client


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the figures, and the alternatives that hang on them."""
    passages = [
        {name: value for name, value in passage.items() if name != "score"}
        for passage in answer["passages"]
    ]
    kept = {
        name: value for name, value in answer.items() if name not in ("confidence", "alternatives")
    }
    return {**kept, "passages": passages}


@pytest.mark.model
def test_the_answer_is_true(seeded: TestClient) -> None:
    answer = seeded.post("/v1/ask", json={"question": examples.QUESTION, "top_k": 1}).json()

    assert stable(answer) == stable(examples.ANSWER)
    assert answer["confidence"] == pytest.approx(examples.ANSWER["confidence"], abs=0.2)


@pytest.mark.model
def test_the_verdict_is_true(seeded: TestClient) -> None:
    response = seeded.post("/v1/citations/verify", json={"citations": [examples.CITATION]})

    assert response.json() == {"verdicts": [examples.VERDICT]}


def test_the_answer_has_the_form_that_it_shows() -> None:
    assert schemas.Answer.model_validate(examples.ANSWER).model_dump() == examples.ANSWER
