"""Problems: every error as ``application/problem+json`` (RFC 9457), and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from index.errors import (
    ArticleNotFound,
    InputError,
    LibraryLocked,
    LibraryMissing,
    LibraryUnavailable,
    Overloaded,
    PullquoteError,
)
from qa.answering.answer_json import to_json
from qa.http.disconnect import ClientLeft
from qa.http.opening import NotReady

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:problem-type:pullquote:"

CLIENT_CLOSED_REQUEST = 499
"""The status that logs and metrics show when nobody is there to see it, as nginx has it."""

LEFT = (ClientLeft, ClientDisconnect)
"""The client went away, while it waited or while it was still sending."""

LOCKED_SECONDS = 5
LOADING_SECONDS = 2
LONGEST_VALUE = 60

MOST_TOLD = 50
"""What is wrong beyond so many fields is not told as well: the answer would outgrow the input."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document; ``more`` are members beside the standard ones."""

    status: int
    kind: str
    title: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            "type": TYPES + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }

    def response(self) -> Response:
        return Response(
            to_json(self.document()), self.status, dict(self.headers), media_type=MEDIA_TYPE
        )


class Refusal(HTTPException):
    """A refusal that brings its own problem.

    It is an ``HTTPException`` because those are let through while FastAPI reads a body.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.detail)
        self.problem = problem


def install(app: FastAPI) -> None:
    """Let the app answer every error with its problem."""

    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, LEFT):
            return Response(status_code=CLIENT_CLOSED_REQUEST)
        if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            error.headers = {"Allow": ", ".join(_methods_at(request))}
        return problem_of(error, request.state.request_id).response()

    for kind in (HTTPException, RequestValidationError, PullquoteError, NotReady, *LEFT):
        app.add_exception_handler(kind, answer)


def _methods_at(request: Request) -> list[str]:
    """The methods of the address: the framework names only those of its first route."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


def problem_of(error: Exception, request_id: str) -> Problem:
    """The problem that tells a client about an error.

    The text of an error that is not the client's goes into the log, under the request's id: it
    may name paths.
    """
    match error:
        case RequestValidationError():
            return _invalid(error)
        case Refusal():
            return error.problem
        case HTTPException():
            return _http(error)
        case InputError():
            detail = {"field": error.field, "errors": [_wrong(error.field, str(error))]}
            return Problem(
                422, "invalid-input", "The input cannot be used", str(error), more=detail
            )
        case ArticleNotFound():
            return Problem(404, "article-not-found", "There is no such article", str(error))
        case Overloaded():
            return _later("overloaded", "Too many are asking", str(error), error.retry_after)
        case NotReady():
            return _later("not-ready", "The service is not ready", str(error), LOADING_SECONDS)
        case LibraryMissing() | LibraryUnavailable():
            log.error("library unavailable", error=str(error))
            gone = (
                "the library's folder cannot be opened or written: its owner finds in the "
                "service's log which it is, and brings it back with its rights and some room"
            )
            return _later("library-unavailable", "The library is away", gone, LOCKED_SECONDS)
        case RecursionError():
            return too_deep().problem
        case LibraryLocked():
            log.warning("library locked", error=str(error))
            busy = "another process is writing to the library: try again in a few seconds"
            return _later("library-locked", "The library is being written", busy, LOCKED_SECONDS)
        case PullquoteError():
            log.error("failed", error=str(error))
        case _:
            log.error("failed", exc_info=error)
    return Problem(
        500,
        "internal",
        "The service failed",
        f"something went wrong that is not the request's fault: look for the request {request_id} "
        "in the service's log",
        more={"request_id": request_id},
    )


def too_deep() -> Refusal:
    """The refusal of a body whose objects and lists lie too deep in each other."""
    detail = "the body's objects and lists lie too deep in each other to be read: send flatter JSON"
    return Refusal(Problem(422, "too-deep", "The body is too deep", detail))


def _later(kind: str, title: str, detail: str, seconds: int) -> Problem:
    return Problem(503, kind, title, detail, headers={"Retry-After": str(seconds)})


def _http(error: HTTPException) -> Problem:
    """What the framework itself refuses, with the remedy that it leaves out."""
    title = HTTPStatus(error.status_code).phrase
    details = {
        400: "the body cannot be read: send it as the content type says, in UTF-8",
        404: "there is nothing at this address: see /docs for what there is",
        405: "this address does not take this method: see /docs for those it takes",
    }
    detail = details.get(error.status_code, error.detail)
    kind = title.lower().replace(" ", "-")
    return Problem(error.status_code, kind, title, detail, headers=error.headers or {})


def _invalid(error: RequestValidationError) -> Problem:
    """What in a request is wrong; the first wrong field also stands by itself."""
    errors: Sequence[Mapping[str, Any]] = error.errors()
    first = errors[0]
    if first["type"] == "json_invalid":
        place = f" at character {first['loc'][-1]}"
        detail = f"the body is not JSON ({first['ctx']['error']}{place}): send valid JSON"
        return Problem(400, "invalid-json", "The body is not JSON", detail)
    wrong = [_wrong(_name(error["loc"]), _explained(error)) for error in errors[:MOST_TOLD]]
    more = {"field": wrong[0]["field"], "errors": wrong}
    return Problem(422, "invalid-input", "The input cannot be used", wrong[0]["detail"], more=more)


def _wrong(name: str, detail: str) -> dict[str, str]:
    return {"field": name, "detail": detail}


def _name(place: Sequence[str | int]) -> str:
    """A field's dotted path, such as ``filters.published_from``, or ``body`` for the whole."""
    _, *inner = place
    return ".".join(_quoted(part) for part in inner) or str(place[0])


def _quoted(part: str | int) -> str:
    """A field's own name if it is a plain one, for a client can send any."""
    plain = isinstance(part, int) or (part.isprintable() and len(part) <= LONGEST_VALUE)
    return str(part) if plain else _shown(part)


def _explained(error: Mapping[str, Any]) -> str:
    name = _name(error["loc"])
    match error["type"]:
        case "missing":
            return f"{name} is missing: send it"
        case "extra_forbidden":
            return f"{name} is not a known field: leave it out, see /docs for those there are"
        case "value_error":
            return str(error["ctx"]["error"])
    message = str(error["msg"])
    return f"{name} is {_shown(error['input'])}: {message[0].lower()}{message[1:]}"


def _shown(value: object) -> str:
    """A value as it may be quoted: short, on one line, and fit for UTF-8."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    shown = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"
