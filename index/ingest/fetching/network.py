"""The way out: names are resolved here and nowhere else, and only what is checked is connected."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from socket import SOCK_STREAM

from httpcore2 import (
    SOCKET_OPTION,
    AnyIOBackend,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    NetworkError,
    TimeoutException,
    default_ssl_context,
)

from index.ingest.fetching.address import refusal
from index.ingest.fetching.policy import FetchPolicy
from index.ingest.fetching.ranges import kind_of

MOST_TRIED = 4
"""Addresses of one name that a connection is tried to."""

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host and a port to its IP addresses. Raises ``OSError`` when there is none."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The IP addresses that the system knows for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Network:
    """How names are resolved, addresses connected to, and whose certificates are trusted."""

    resolve: Resolver = resolve
    backend: AsyncNetworkBackend = field(default_factory=AnyIOBackend)
    trust: Callable[[], ssl.SSLContext] = default_ssl_context


class CheckedBackend(AsyncNetworkBackend):
    """Connects to a host only if all of its addresses may be fetched from.

    A name is resolved once for a connection, and the connection goes to an address that was
    checked: a name that resolves to something else a moment later changes nothing.
    """

    def __init__(self, policy: FetchPolicy, network: Network) -> None:
        self._policy = policy
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Raises ``InputError`` (field ``url``) for a host that is refused or not known."""
        failure: Exception | None = None
        for address in await self._checked(host, port):
            try:
                return await self._network.backend.connect_tcp(address, port, timeout)
            except (NetworkError, TimeoutException) as error:
                failure = error
        raise refusal(host, "does not let itself be connected to: try later") from failure

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._network.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise refusal(host, "is a host that cannot be found: check the address") from error
        for address in addresses:
            self._check(host, address)
        return addresses[:MOST_TRIED]

    def _check(self, host: str, address: str) -> None:
        kind = kind_of(address)
        if kind is None or (kind.private and self._policy.private):
            return
        remedy = (
            "allow those with PULLQUOTE_FETCH_PRIVATE=true, or for 'pullquote index' with "
            "--allow-private-addresses"
            if kind.private
            else "no setting allows it, give the file itself"
        )
        raise refusal(host, f"is at {kind.name}, from which nothing is fetched: {remedy}")
