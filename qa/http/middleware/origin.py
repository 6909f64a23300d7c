"""Origins: whose pages may have their readers' browsers change something here.

Browsers send forms and simple requests to any address without asking it first; which page made
them is told by the Origin header, and by Sec-Fetch-Site where there is no Origin.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.http.middleware.access import SAFE
from qa.http.problems import LONGEST_VALUE, Problem

PORTS = {"http": 80, "https": 443}
ELSEWHERE = ("cross-site", "same-site")
"""What Sec-Fetch-Site says of another site, and of another port or subdomain of this one."""


class OwnOrigin:
    """Refuses what is not safe from pages of origins that are neither this one nor allowed."""

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            origin = self._other(Headers(scope=scope))
            if origin is not None:
                await _problem(origin).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _other(self, headers: Headers) -> str | None:
        """The other origin that the request comes from, if it does."""
        origins = headers.getlist("origin")
        if not origins:
            site = headers.get("sec-fetch-site", "")
            return site if site in ELSEWHERE else None
        hosts = headers.getlist("host")
        if "*" in self._allowed or (len(origins) == 1 and origins[0].lower() in self._allowed):
            return None
        own = len(origins) == len(hosts) == 1 and _is_at(origins[0], hosts[0])
        return None if own else ", ".join(origins)


def _is_at(origin: str, host: str) -> bool:
    """Whether an origin is the host of a Host header, its scheme's own port left out or not.

    Whether the reader sees this service by http or https, only a proxy knows.
    """
    try:
        page, here = urlsplit(origin), urlsplit(f"//{host}")
        port = PORTS.get(page.scheme)
        if not port or not page.hostname:
            return False
        return (page.hostname, page.port or port) == (here.hostname, here.port or port)
    except ValueError:  # a port that is none
        return False


def _problem(origin: str) -> Problem:
    detail = (
        f"the request was sent by a page of another site ({origin[:LONGEST_VALUE]!r}): send it "
        "from this service's own page or a program, or add the origin to PULLQUOTE_CORS_ORIGINS"
    )
    return Problem(403, "other-origin", "The page is of another origin", detail)
