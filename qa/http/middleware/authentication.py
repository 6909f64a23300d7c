"""Authentication: whom a request comes from, by its key and its address."""

from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.keys import Key, Keys

NETWORK_BITS = 64
"""Who has one address of version 6 has at least so many bits' worth of them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The key is None when none was shown, or none that holds."""

    address: str
    key: Key | None
    shows_key: bool

    @property
    def name(self) -> str:
        return f"key {self.key.id}" if self.key else f"address {self.address}"


class Authentication:
    """Notes the caller in the request's state."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            caller = scope["state"]["caller"] = self._caller(scope)
            if caller.key:
                structlog.contextvars.bind_contextvars(key=caller.key.id)
        await self._app(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller:
        shown = Headers(scope=scope).getlist("authorization")
        key = self._key(shown[0]) if len(shown) == 1 else None
        return Caller(address_of(scope), key, bool(shown))

    def _key(self, authorization: str) -> Key | None:
        scheme, _, shown = authorization.partition(" ")
        return self._keys.holder(shown.strip()) if scheme.lower() == "bearer" else None


def address_of(scope: Scope) -> str:
    """The client's address; of version 6, its network; and one for all that have none."""
    host, _ = scope.get("client") or ("", 0)
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address.packed, NETWORK_BITS), strict=False))
