"""The context of every request: an id, security headers, a log line, a count, and no traceback."""

import re
import secrets
from time import perf_counter
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.metrics import Metrics
from qa.http.problems import problem_of

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SELF_ONLY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": SELF_ONLY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PRIVATE = "/v1/"
"""What is under this may not be kept by caches on the way."""

ROUTINE = ("/healthz", "/readyz", "/metrics")
"""What is asked all the time and is not worth a line in the log."""

log = structlog.get_logger()


class RequestContext:
    """The outermost layer. Neither questions nor articles go into the log, nor query strings."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = perf_counter(), 0

        async def send_in_context(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(PRIVATE):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_in_context)
        except Exception as error:
            problem = problem_of(error, request_id)
            if status:
                raise  # The client has a part of the answer and must see it break off.
            await problem.response()(scope, receive, send_in_context)
        finally:
            self._log(scope, status, perf_counter() - began)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = scope["method"], scope["path"]
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(_known(method), route, str(status)).inc()
        write = log.debug if path in ROUTINE else log.info
        write(
            "request",
            method=_known(method),
            path=quote(path),
            status=status,
            ms=round(1000 * seconds, 1),
        )


def _request_id(scope: Scope) -> str:
    """The client's own id when it is a sane one, so that logs can be put together."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _known(method: str) -> str:
    """The method, or ``OTHER``: a client can't make up labels."""
    known = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
    return method if method in known else "OTHER"
