"""Suggestions: what a first visitor may ask."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from qa.answering.suggestions import suggest
from qa.http import schemas
from qa.http.dependencies import AnswererDep, RequestQueueDep, SuggestionsDep
from qa.http.disconnect import while_present

router = APIRouter(tags=["Asking"])


@router.get("/v1/suggestions", summary="What can be asked?")
async def suggestions(
    request: Request,
    answerer: AnswererDep,
    kept: SuggestionsDep,
    queue: RequestQueueDep,
    article_id: Annotated[str | None, Query(description="Made from this article alone.")] = None,
) -> schemas.SuggestedQuestions:
    """Up to three questions, made from the articles or from one of them, that the library
    answers."""

    def work() -> tuple[str, ...]:
        return suggest(answerer, article_id) if article_id else kept.of(answerer)

    questions = await while_present(request, queue.run(work))
    return schemas.SuggestedQuestions(questions=list(questions))
