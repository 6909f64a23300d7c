"""What the routes are handed."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from index.library import Library
from qa.answering.answerer import Answerer
from qa.answering.suggestions import Suggestions
from qa.http.fetches import Fetches
from qa.http.metrics import Metrics
from qa.http.middleware.rate_limit import Allowance
from qa.http.problems import Problem, Refusal
from qa.http.request_queue import RequestQueue
from qa.http.uploads import Uploads


async def _answerer(request: Request) -> Answerer:
    answerer: Answerer = request.app.state.opening.answerer
    return answerer


async def _library(answerer: Annotated[Answerer, Depends(_answerer)]) -> Library:
    return answerer.library


def _held(name: str) -> Any:
    """Depends on what the application's state holds under the name."""

    async def held(request: Request) -> Any:
        return getattr(request.app.state, name)

    return Depends(held)


async def _allowance(request: Request) -> Allowance:
    allowance: Allowance = request.state.allowance
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


AnswererDep = Annotated[Answerer, Depends(_answerer)]
"""The answerer; ``NotReady`` until it is open."""

LibraryDep = Annotated[Library, Depends(_library)]
"""The library; ``NotReady`` until it is open."""

RequestQueueDep = Annotated[RequestQueue, _held("request_queue")]
FetchesDep = Annotated[Fetches, _held("fetches")]
UploadsDep = Annotated[Uploads, _held("uploads")]
MetricsDep = Annotated[Metrics, _held("metrics")]
SuggestionsDep = Annotated[Suggestions, _held("suggestions")]

AllowanceDep = Annotated[Allowance, Depends(_allowance)]
"""What the caller may still ask; the request itself is counted already."""

JSON_ONLY = Depends(_json_only)
"""Refuses bodies that are not said to be JSON."""
