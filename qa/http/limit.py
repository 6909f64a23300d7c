"""The limit on bodies, kept before they are read."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.problems import Problem, Refusal


class BodyLimit:
    """Refuses bodies of more than ``most`` bytes.

    One that says its length is refused unread; one that comes in chunks, as soon as it is over.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._declared(scope) > self._most:
            await self._problem().response()(scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise Refusal(self._problem())
            return message

        await self._app(scope, limited, send)

    def _declared(self, scope: Scope) -> int:
        length = Headers(scope=scope).get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _problem(self) -> Problem:
        return Problem(
            413,
            "too-large",
            "The body is too large",
            f"the body has more than {self._most:,} bytes: send less, or set "
            "PULLQUOTE_MAX_UPLOAD_BYTES higher",
        )
