"""Connections: how many there may be, and how long each may keep the service waiting."""

import asyncio
import sys
from typing import Any

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.http.middleware.request_context import SECURITY
from qa.http.problems import Problem
from qa.settings import Settings

if sys.platform != "win32":
    import resource

RESERVED_FILES = 200
"""File descriptors that are left for the library, the models and the processes that read files."""

FEWEST = 8
"""Connections that are taken in any case."""

LINGER_SECONDS = 1.0
"""How long a connection that is refused stays open, so that its client can read why."""

MOST_LINGERING = 50

log = structlog.get_logger()


class Connections:
    """The connections of one server: at most ``most`` at once.

    One that is beyond takes the place of the one that has waited for a request the longest.
    ``header_seconds`` is how long a connection may be without a whole request's headers, and
    ``send_seconds`` how long a client may take to read what waits for it.
    """

    def __init__(self, most: int, header_seconds: float, send_seconds: float) -> None:
        self.most = most
        self.header_seconds = header_seconds
        self.send_seconds = send_seconds
        self.lingering = 0
        self._idle: dict[Protocol, None] = {}

    @classmethod
    def allowed(cls, settings: Settings) -> "Connections":
        """As many as the settings and the system's limit on open files allow."""
        most = _within_files(settings.max_connections)
        if most < settings.max_connections:
            log.warning("few files may be open", connections=most, remedy="raise 'ulimit -n'")
        return cls(most, settings.header_seconds, settings.body_seconds)

    def wait(self, connection: "Protocol") -> None:
        """The connection waits for a request from now on."""
        self._idle[connection] = None

    def forget(self, connection: "Protocol") -> None:
        """It waits no more."""
        self._idle.pop(connection, None)

    def makes_room(self, others: set[Any]) -> bool:
        """Whether there is room for a connection that is among the others already."""
        if len(others) <= self.most:
            return True
        oldest = next(iter(self._idle), None)
        if oldest is None:
            return False
        self.forget(oldest)
        others.discard(oldest)
        oldest.transport.abort()
        return True


class Protocol(H11Protocol):
    """HTTP/1.1 over one of the connections, which waits for nobody without end, and which refuses
    what is no HTTP in the form that everything is refused in."""

    def __init__(self, *given: Any, guard: Connections, **more: Any) -> None:
        super().__init__(*given, **more)
        self._guard = guard
        self._refused = False
        self._headers_due: asyncio.TimerHandle | None = None
        self._reading_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._guard.makes_room(self.connections):
            self._arrange()
        else:
            self._refuse_connection()

    def data_received(self, data: bytes) -> None:
        if not self._refused:
            super().data_received(data)
            self._arrange()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._arrange()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._guard.forget(self)
        self._guard.lingering -= self._refused
        _off(self._headers_due)
        _off(self._reading_due)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._abort_in(self._guard.send_seconds)

    def resume_writing(self) -> None:
        super().resume_writing()
        _off(self._reading_due)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_in(self._guard.send_seconds)  # closing waits until all is sent

    def send_400_response(self, msg: str) -> None:
        detail = "the request is not HTTP/1.1, or its length is not clear: send it anew"
        self._send(Problem(400, "invalid-http", "The request is not HTTP", detail))
        self.transport.close()

    def _arrange(self) -> None:
        """Set the deadline while no request is being answered, and only then."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.transport.is_closing():
            self._guard.forget(self)
            _off(self._headers_due)
            self._headers_due = None
        elif self._headers_due is None:
            self._guard.wait(self)
            seconds = self._guard.header_seconds
            self._headers_due = self.loop.call_later(seconds, self._headers_late)

    def _headers_late(self) -> None:
        if self.conn.trailing_data[0]:
            detail = (
                f"the request's headers did not arrive within {self._guard.header_seconds:g} "
                "seconds: send them faster, or set PULLQUOTE_HEADER_SECONDS higher"
            )
            self._send(Problem(408, "too-slow", "The headers took too long", detail))
        self.transport.close()
        self._abort_in(self._guard.header_seconds)

    def _refuse_connection(self) -> None:
        log.warning("too many connections", most=self._guard.most)
        detail = (
            f"{self._guard.most} connections are open, as many as may: try again later, or set "
            "PULLQUOTE_MAX_CONNECTIONS higher"
        )
        headers = {"Retry-After": "5"}
        self._send(Problem(503, "overloaded", "Too many are asking", detail, headers=headers))
        self.connections.discard(self)
        lingers = self._guard.lingering < MOST_LINGERING
        self._refused = True
        self._guard.lingering += 1
        if lingers and self.transport.can_write_eof():
            self.transport.write_eof()
            self._abort_in(LINGER_SECONDS)
        else:
            self.transport.close()

    def _abort_in(self, seconds: float) -> None:
        _off(self._reading_due)
        self._reading_due = self.loop.call_later(seconds, self.transport.abort)

    def _send(self, problem: Problem) -> None:
        """The problem, and then nothing more, unless an answer was begun."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        response = problem.response()
        security = [(name.encode(), value.encode()) for name, value in SECURITY.items()]
        headers = [*response.raw_headers, *security, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=problem.status, headers=headers),
            h11.Data(data=bytes(response.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")


def _off(timer: asyncio.TimerHandle | None) -> None:
    if timer:
        timer.cancel()


def _within_files(wanted: int) -> int:
    """So many connections, or fewer where the system lets fewer files be open; asks for more."""
    if sys.platform == "win32":
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(FEWEST, min(wanted, soft - RESERVED_FILES))
