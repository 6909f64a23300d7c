"""The limits on bodies, kept before they are read and while they arrive."""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.problems import Problem, Refusal
from qa.settings import Settings

ARTICLES = "/v1/articles"

MOST_DIGITS = 19
"""Of a length that is believed; a longer one is too large as well."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many bytes at most; ``setting`` moves the number."""

    most: int
    setting: str

    def problem(self) -> Problem:
        return Problem(
            413,
            "too-large",
            "The body is too large",
            f"the body has more than {self.most:,} bytes: send less, or set {self.setting} higher",
        )


class BodyLimit:
    """Refuses bodies that are too large, or that take too long to arrive.

    One that says its length is refused unread; one that comes in chunks, as soon as it is over.
    Only what takes in articles may send large ones.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._seconds = settings.body_seconds
        self._articles = Limit(settings.max_upload_bytes, "PULLQUOTE_MAX_UPLOAD_BYTES")
        smaller = settings.max_request_bytes <= settings.max_upload_bytes
        other = Limit(settings.max_request_bytes, "PULLQUOTE_MAX_REQUEST_BYTES")
        self._others = other if smaller else self._articles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        articles = scope["path"] == ARTICLES or scope["path"].startswith(f"{ARTICLES}/")
        limit = self._articles if articles else self._others
        if _declared(scope) > limit.most:
            await limit.problem().response()(scope, receive, send)
            return
        await self._app(scope, self._limited(receive, limit), send)

    def _limited(self, receive: Receive, limit: Limit) -> Receive:
        read, arrived = 0, False
        deadline: float | None = None

        async def limited() -> Message:
            nonlocal read, arrived, deadline
            if deadline is None:
                deadline = asyncio.get_running_loop().time() + self._seconds
            try:
                async with asyncio.timeout_at(None if arrived else deadline):
                    message = await receive()
            except TimeoutError:
                raise Refusal(self._too_slow()) from None
            read += len(message.get("body", b""))
            arrived = not message.get("more_body", False)
            if read > limit.most:
                raise Refusal(limit.problem())
            return message

        return limited

    def _too_slow(self) -> Problem:
        return Problem(
            408,
            "too-slow",
            "The body took too long",
            f"the body did not arrive within {self._seconds:g} seconds: send it faster, or set "
            "PULLQUOTE_BODY_SECONDS higher",
        )


def _declared(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length[:MOST_DIGITS]) if length.isascii() and length.isdigit() else 0
