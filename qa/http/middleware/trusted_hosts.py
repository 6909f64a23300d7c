"""Trusted hosts: the names that the service answers to.

A page of another site can make its own name resolve to this machine (DNS rebinding) and is then,
for the browser, of the same origin as the service. The Host header gives it away.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.http.middleware.access import is_loopback
from qa.http.problems import LONGEST_VALUE, Problem
from qa.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def served_hosts(settings: Settings, host: str | None) -> tuple[str, ...] | None:
    """The names that a service listening on ``host`` answers to, None for any."""
    if "*" in settings.allowed_hosts or host is None:
        return None
    if not settings.allowed_hosts and not is_loopback(host):
        return None
    own = f"[{host}]" if ":" in host else host
    return tuple(dict.fromkeys((*LOOPBACK, own, *settings.allowed_hosts)))


class TrustedHosts:
    """Refuses requests for other hosts than these."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = Headers(scope=scope).get("host", self._names[0])
            if _name(given) not in self._names:
                await self._problem(given).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _problem(self, given: str) -> Problem:
        detail = (
            f"the request is for the host {given[:LONGEST_VALUE]!r}, and this service is "
            f"{', '.join(self._names)}: use one of these names, or add yours to "
            "PULLQUOTE_ALLOWED_HOSTS"
        )
        return Problem(421, "unknown-host", "The host is not served here", detail)


def _name(host: str) -> str:
    """A Host header without the port, in the form that names are compared in."""
    name, colon, port = host.rpartition(":")
    bare = name if colon and (port.isdigit() or not port) and not name.endswith(":") else host
    return bare.lower().removesuffix(".")
