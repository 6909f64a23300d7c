"""The examples of the OpenAPI description are what the real models answer over the seeds."""

from typing import Any

import httpx2
import pytest

from qa.http import examples, schemas


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the figures, and the alternatives that hang on them."""
    passages = [
        {name: value for name, value in passage.items() if name != "score"}
        for passage in answer["passages"]
    ]
    kept = {
        name: value for name, value in answer.items() if name not in ("confidence", "alternatives")
    }
    quotes = [{**quote, "confidence": None} for quote in answer["quotes"]]
    return {**kept, "passages": passages, "quotes": quotes}


@pytest.mark.model
def test_the_answer_is_true(seeded: httpx2.Client) -> None:
    answer = seeded.post("/v1/ask", json={"question": examples.QUESTION, "top_k": 1}).json()

    assert stable(answer) == stable(examples.ANSWER)
    assert answer["confidence"] == pytest.approx(examples.ANSWER["confidence"], abs=0.2)


@pytest.mark.model
def test_the_verdict_is_true(seeded: httpx2.Client) -> None:
    response = seeded.post("/v1/citations/verify", json={"citations": [examples.CITATION]})

    assert response.json() == {"verdicts": [examples.VERDICT]}


def test_the_answer_has_the_form_that_it_shows() -> None:
    assert schemas.AnswerDocument.model_validate(examples.ANSWER).model_dump() == examples.ANSWER
