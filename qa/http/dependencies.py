"""What the routes are handed."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from index.library import Library as LibraryPort
from qa.answering.answerer import Answerer as AnswererValue
from qa.answering.suggestions import Suggestions as SuggestionsValue
from qa.http.fetches import Fetches as FetchesValue
from qa.http.metrics import Metrics as MetricsValue
from qa.http.middleware.rate_limit import Allowance as AllowanceValue
from qa.http.problems import Problem, Refusal
from qa.http.request_queue import Turns as TurnsValue
from qa.http.uploads import Uploads as UploadsValue


async def _answerer(request: Request) -> AnswererValue:
    answerer: AnswererValue = request.app.state.opening.answerer
    return answerer


async def _library(answerer: Annotated[AnswererValue, Depends(_answerer)]) -> LibraryPort:
    return answerer.library


async def _turns(request: Request) -> TurnsValue:
    turns: TurnsValue = request.app.state.turns
    return turns


async def _suggestions(request: Request) -> SuggestionsValue:
    suggestions: SuggestionsValue = request.app.state.suggestions
    return suggestions


async def _fetches(request: Request) -> FetchesValue:
    fetches: FetchesValue = request.app.state.fetches
    return fetches


async def _uploads(request: Request) -> UploadsValue:
    uploads: UploadsValue = request.app.state.uploads
    return uploads


async def _metrics(request: Request) -> MetricsValue:
    metrics: MetricsValue = request.app.state.metrics
    return metrics


async def _allowance(request: Request) -> AllowanceValue:
    allowance: AllowanceValue = request.state.allowance
    return allowance


def media_type(request: Request) -> str:
    """What the body is said to be, without parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unsupported(request: Request, taken: str) -> Refusal:
    """The refusal of a body that is of another kind than ``taken``."""
    given = media_type(request)
    what = f"is of the type {given!r}" if given else "comes without a content type"
    detail = f"the body {what}: send {taken}"
    return Refusal(Problem(415, "unsupported-type", "The body's type is not taken", detail))


async def _json_only(request: Request) -> None:
    if media_type(request) != "application/json":
        raise unsupported(request, "application/json")


Answerer = Annotated[AnswererValue, Depends(_answerer)]
"""The answerer; ``NotReady`` until it is open."""

Library = Annotated[LibraryPort, Depends(_library)]
"""The library; ``NotReady`` until it is open."""

Turns = Annotated[TurnsValue, Depends(_turns)]
Fetches = Annotated[FetchesValue, Depends(_fetches)]
Uploads = Annotated[UploadsValue, Depends(_uploads)]
Metrics = Annotated[MetricsValue, Depends(_metrics)]
Suggestions = Annotated[SuggestionsValue, Depends(_suggestions)]

Allowance = Annotated[AllowanceValue, Depends(_allowance)]
"""What the caller may still ask; the request itself is counted already."""

JSON_ONLY = Depends(_json_only)
"""Refuses bodies that are not said to be JSON."""
