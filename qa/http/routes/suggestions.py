"""Suggestions: what a first visitor may ask."""

from fastapi import APIRouter
from starlette.requests import Request

from qa.http import schemas
from qa.http.dependencies import AnswererDep, RequestQueueDep, SuggestionsDep
from qa.http.disconnect import while_present

router = APIRouter(tags=["Asking"])


@router.get("/v1/suggestions", summary="What can be asked?")
async def suggestions(
    request: Request, answerer: AnswererDep, kept: SuggestionsDep, queue: RequestQueueDep
) -> schemas.SuggestedQuestions:
    """Up to three questions, made from the articles, that the library answers."""
    questions = await while_present(request, queue.run(lambda: kept.of(answerer)))
    return schemas.SuggestedQuestions(questions=list(questions))
