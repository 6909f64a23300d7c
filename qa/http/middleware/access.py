"""Access: who may do what, by the key that a request shows."""

from collections.abc import Mapping
from ipaddress import ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.http.middleware.authentication import Caller
from qa.http.problems import Problem
from qa.keys import Keys
from qa.keys import Scope as KeyScope
from qa.settings import Settings

PUBLIC = ("/", "/healthz", "/readyz", "/openapi.json", "/docs")
PUBLIC_FOLDERS = ("/page/", "/docs/")

SAFE = ("GET", "HEAD", "OPTIONS")
READING = (
    "/v1/ask",
    "/v1/ask/stream",
    "/v1/ask/batch",
    "/v1/search",
    "/v1/citations/verify",
    "/v1/export/docx",
)
"""What changes nothing although it is a POST. All else that is not safe is writing."""

FORWARDING = ("forwarded", "via", "x-real-ip")
"""Headers of proxies, beside those that begin with ``X-Forwarded-``."""

log = structlog.get_logger()

DOING: Mapping[KeyScope, str] = {
    "read": "reading and asking",
    "write": "adding, replacing and removing articles",
}


def is_public(path: str) -> bool:
    """Whether the path holds nothing of the library: the page, the reference, the status."""
    return path in PUBLIC or path.startswith(PUBLIC_FOLDERS)


def scope_of(method: str, path: str) -> KeyScope:
    """The scope that a request belongs to."""
    return "read" if method in SAFE or path in READING else "write"


def is_loopback(host: str) -> bool:
    """Whether an address that a socket listens on can be reached from this machine alone."""
    return ip_address(host.partition("%")[0]).is_loopback


def is_forwarded(headers: Headers) -> bool:
    """Whether a proxy says that it passes the request on."""
    return any(name in FORWARDING or name.startswith("x-forwarded-") for name in headers)


def guarded(settings: Settings, host: str | None) -> frozenset[KeyScope]:
    """The scopes that need a key when the service listens on ``host``; None is nowhere."""
    if settings.keys_for == "everything":
        return frozenset({"read", "write"})
    beyond = host is not None and not is_loopback(host)
    any_page = "*" in settings.cors_origins
    if settings.keys_for == "writing" or beyond or settings.trusted_proxies or any_page:
        return frozenset({"write"})
    return frozenset()


def openness(settings: Settings, host: str, keys: Keys) -> dict[str, str]:
    """What is open to whom, in words."""
    needed = guarded(settings, host)
    everyone = "everyone on this machine" if is_loopback(host) else f"everyone who reaches {host}"
    return {
        "reading": _holders(keys, "read") if "read" in needed else everyone,
        "writing": _holders(keys, "write") if "write" in needed else everyone,
    }


def openness_beyond(settings: Settings, host: str, keys: Keys) -> dict[str, str]:
    """What is open to those behind a proxy and, if to any, to the pages of other sites."""
    proxied = "everyone whom the proxy lets through"
    reading = _holders(keys, "read") if "read" in guarded(settings, host) else proxied
    beyond = {"behind_a_proxy": f"reading: {reading}; writing: {_holders(keys, 'write')}"}
    if "*" in settings.cors_origins:
        beyond["pages"] = "those of any site may do what their readers may"
    return beyond


def _holders(keys: Keys, scope: KeyScope) -> str:
    count = sum(scope in key.scopes for key in keys.all())
    if count:
        return f"who has one of {count} keys" if count > 1 else "who has the one key"
    return f"nobody until there is a key: 'pullquote keys create --scope {scope}'"


class Access:
    """Refuses requests that need a key and show none, a wrong one, or one for something else.

    Writing needs one also when a proxy passes it on that is not trusted (``proxied`` says if any
    is): then anyone may stand behind what looks like a request from this machine.
    """

    def __init__(self, app: ASGIApp, needed: frozenset[KeyScope], proxied: bool = False) -> None:
        self._app = app
        self._needed = needed
        self._proxied = proxied
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refusal(scope) if scope["type"] == "http" else None
        if problem:
            await problem.response()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        if is_public(scope["path"]):
            return None
        caller: Caller = scope["state"]["caller"]
        wanted = scope_of(scope["method"], scope["path"])
        if caller.key:
            return None if wanted in caller.key.scopes else _of_another_scope(caller.key.id, wanted)
        if caller.shows_key:
            return _unknown_key()
        if wanted in self._needed:
            return _without_key(wanted)
        forwarded = not self._proxied and is_forwarded(Headers(scope=scope))
        return self._through_unknown_proxy() if forwarded and wanted == "write" else None

    def _through_unknown_proxy(self) -> Problem:
        if not self._told:
            self._told = True
            log.warning(
                "a proxy that is not trusted passes requests on: writing through it needs a key",
                remedy="set PULLQUOTE_TRUSTED_PROXIES to its address, and make a key with "
                "'pullquote keys create --scope write'",
            )
        return _without_key("write", " when a proxy passes it on")


def _without_key(wanted: KeyScope, when: str = "") -> Problem:
    detail = (
        f"{DOING[wanted]} needs an API key here{when}: send one with the scope '{wanted}' as "
        f"'Authorization: Bearer KEY' (the owner makes it with 'pullquote keys create --scope "
        f"{wanted}'; PULLQUOTE_KEYS_FOR says what needs one)"
    )
    return _problem(401, "key-needed", "A key is needed", detail, "")


def _unknown_key() -> Problem:
    detail = (
        "the key in the Authorization header is not one of this service's, or was revoked: send "
        "'Authorization: Bearer KEY' with one that 'pullquote keys list' has"
    )
    return _problem(401, "key-unknown", "The key is not known", detail, ', error="invalid_token"')


def _of_another_scope(key_id: str, wanted: KeyScope) -> Problem:
    detail = (
        f"the key {key_id} is not for {DOING[wanted]}: send one with the scope '{wanted}', made "
        f"with 'pullquote keys create --scope {wanted}'"
    )
    more = f', error="insufficient_scope", scope="{wanted}"'
    return _problem(403, "key-scope", "The key is for something else", detail, more)


def _problem(status: int, kind: str, title: str, detail: str, challenge: str) -> Problem:
    """A refusal with its challenge, as in RFC 6750."""
    headers = {"WWW-Authenticate": f'Bearer realm="pullquote"{challenge}'}
    return Problem(status, kind, title, detail, headers=headers)
