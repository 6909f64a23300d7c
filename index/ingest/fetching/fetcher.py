"""One page, file or feed from the web."""

import asyncio
import zlib

import httpcore2
from httpcore2 import AsyncConnectionPool, Response

from index.errors import InputError
from index.ingest.fetching.address import WebAddress, read_address, refusal
from index.ingest.fetching.fetched import Fetched
from index.ingest.fetching.media import ACCEPT, name_of
from index.ingest.fetching.network import CheckedBackend, Network
from index.ingest.fetching.packing import unpacking
from index.ingest.fetching.policy import FetchPolicy

USER_AGENT = "pullquote"
OK = 200
REDIRECTS = (301, 302, 303, 307, 308)
TIMED = ("connect", "read", "write")


async def fetch(url: str, policy: FetchPolicy, network: Network) -> Fetched:
    """Fetch what is at an address, with one GET a hop, and without cookies or proxies.

    Every hop is checked by ``policy`` before it is connected to. Raises ``InputError``
    (field ``url``) for whatever is refused and for what cannot be fetched.
    """
    first = read_address(url)
    try:
        async with asyncio.timeout(policy.seconds):
            return await _follow(first, policy, network)
    except TimeoutError as error:
        raise refusal(
            first,
            f"took longer than {policy.seconds:g} seconds: try later, or set "
            "PULLQUOTE_FETCH_SECONDS higher",
        ) from error


async def _follow(first: WebAddress, policy: FetchPolicy, network: Network) -> Fetched:
    """The end of the redirects, each of which is checked like the first address."""
    address = first
    backend = CheckedBackend(policy, network)
    async with AsyncConnectionPool(network.trust(), network_backend=backend) as pool:
        for _ in range(policy.most_redirects + 1):
            try:
                answer = await _ask(pool, address, policy)
            except InputError as error:
                if address is first:
                    raise
                raise _led_astray(first, error) from error
            if isinstance(answer, Fetched):
                return answer
            address = answer
    raise refusal(
        first,
        f"redirects more than {policy.most_redirects} times: give the article's own address",
    )


async def _ask(
    pool: AsyncConnectionPool, address: WebAddress, policy: FetchPolicy
) -> Fetched | WebAddress:
    """What is at the address, or where it redirects to."""
    _check_port(address, policy)
    try:
        async with pool.stream(
            "GET",
            _url(address),
            headers=_headers(address),
            extensions={"timeout": dict.fromkeys(TIMED, policy.read_seconds)},
        ) as response:
            if response.status in REDIRECTS:
                return _next(address, response)
            return await _received(address, response, policy)
    except httpcore2.TimeoutException as error:
        raise refusal(
            address,
            f"was silent for {policy.read_seconds:g} seconds: try later",
        ) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise refusal(address, f"cannot be fetched ({error}): try later") from error


def _check_port(address: WebAddress, policy: FetchPolicy) -> None:
    if address.port not in policy.ports:
        allowed = ",".join(map(str, policy.ports))
        raise refusal(
            address,
            f"has the port {address.port}, and only {allowed} may be fetched from: add it to "
            f"PULLQUOTE_FETCH_PORTS={allowed}",
        )


def _url(address: WebAddress) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=address.scheme, host=address.host, port=address.port, target=address.target
    )


def _headers(address: WebAddress) -> dict[str | bytes, str | bytes]:
    return {
        "Host": address.authority,
        "User-Agent": USER_AGENT,
        "Accept": ACCEPT,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _next(address: WebAddress, response: Response) -> WebAddress:
    location = _header(response, "location")
    if not location:
        raise refusal(address, "redirects without saying where to: give another address")
    try:
        following = address.join(location)
    except InputError as error:
        raise _led_astray(address, error) from error
    if address.scheme == "https" and following.scheme == "http":
        raise refusal(
            address,
            f"redirects from https to http, to {str(following)[:200]!r}: give that address "
            "itself if you trust what comes from there unprotected",
        )
    return following


def _led_astray(address: WebAddress, error: InputError) -> InputError:
    return refusal(address, f"redirects to what is refused: {error}")


async def _received(address: WebAddress, response: Response, policy: FetchPolicy) -> Fetched:
    if response.status != OK:
        raise refusal(address, f"answers with the status {response.status}: check the address")
    content_type = _header(response, "content-type")
    name = name_of(address, content_type)
    if int(_header(response, "content-length") or 0) > policy.most_bytes:
        raise _too_large(address, policy)
    return Fetched(await _body(address, response, policy), name, content_type, address)


async def _body(address: WebAddress, response: Response, policy: FetchPolicy) -> bytes:
    encoding = _header(response, "content-encoding")
    packed = unpacking(encoding)
    if packed is None:
        raise refusal(address, f"comes packed as {encoding[:100]!r}: save it and give the file")
    data = bytearray()
    try:
        async for piece in response.aiter_stream():
            data += packed.unpack(piece, policy.most_bytes + 1 - len(data))
            if len(data) > policy.most_bytes:
                raise _too_large(address, policy)
            await asyncio.sleep(0)  # many small pieces must not keep others from their turn
    except zlib.error as error:
        raise refusal(address, f"comes damaged ({error}): try later") from error
    if not packed.is_whole():
        raise refusal(address, "comes damaged (its gzip does not end): try later")
    return bytes(data)


def _too_large(address: WebAddress, policy: FetchPolicy) -> InputError:
    return refusal(
        address,
        f"is larger than {policy.most_bytes:,} bytes: give a smaller part of it, or set "
        "PULLQUOTE_FETCH_MAX_BYTES higher",
    )


def _header(response: Response, name: str) -> str:
    """The first header of this name, or ''."""
    for key, value in response.headers:
        if key.lower() == name.encode("ascii"):
            return value.decode("utf-8", "replace").strip()
    return ""
