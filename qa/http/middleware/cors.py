"""CORS: the other sites whose pages may call the service."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from qa.http.problems import Problem

ALLOWED_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
ALLOWED_HEADERS = ("Authorization", "Content-Type", "X-Request-ID")
EXPOSED_HEADERS = (
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "WWW-Authenticate",
    "X-Request-ID",
)


class CORS(CORSMiddleware):
    """Lets these origins in, without cookies; a preflight that fails is a problem document."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=ALLOWED_METHODS,
            allow_headers=ALLOWED_HEADERS,
            expose_headers=EXPOSED_HEADERS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == 200:
            return response
        refused = bytes(response.body).decode("utf-8").removeprefix("Disallowed CORS ")
        detail = (
            f"a page of {request_headers['origin'][:100]!r} may not send this (wrong: {refused}): "
            f"the methods are {', '.join(ALLOWED_METHODS)}, the headers "
            f"{', '.join(ALLOWED_HEADERS)}, and PULLQUOTE_CORS_ORIGINS has the origins"
        )
        return Problem(403, "other-origin", "The page is of another origin", detail).response()
