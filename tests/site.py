"""A web server on this machine, and a network in which it is whatever a test says."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from httpcore2 import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

from index.ingest.fetching.network import Network

PUBLIC = "93.184.215.14"
"""An address as public ones look; nothing is sent there."""

CERTIFICATE = Path(__file__).parent / "data" / "tls" / "site.pem"
"""A certificate for ``tls.example`` with its key, which is used for nothing else."""

Send = Callable[[bytes], None]
Answer = bytes | Callable[[Send], None]


def answer(
    body: bytes = b"",
    content_type: str | None = "text/html",
    status: str = "200 OK",
    **headers: str,
) -> bytes:
    """A whole response; underscores in the names of headers stand for hyphens."""
    given = {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(status=status, Location=location)


@dataclass
class Site:
    """What it answers for each host and path, such as ``a.example/news``, and what it was asked."""

    pages: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return
            request += piece
        text = request.decode()
        self.requests.append(text)
        found = self.pages.get(_asked(text), answer(status="404 Not Found"))
        if callable(found):
            found(connection.sendall)
        else:
            connection.sendall(found)

    def wait(self, seconds: float) -> None:
        """Let time pass in an answer, but not after the test."""
        if self.closing.wait(seconds):
            raise ConnectionError("the test is over")


@dataclass
class PretendBackend(AsyncNetworkBackend):
    """Connects to the site whatever the address; remembers the addresses."""

    site: Site
    connected: list[tuple[str, int]] = field(default_factory=list)
    dead: tuple[str, ...] = ()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        self.connected.append((host, port))
        to = 1 if host in self.dead else self.site.port  # nothing listens at port 1
        return await AnyIOBackend().connect_tcp("127.0.0.1", to, timeout)


@dataclass
class Names:
    """A resolver: the names of ``known``, and every other name at ``PUBLIC``."""

    known: dict[str, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        with suppress(ValueError):
            return [str(ip_address(host))]
        return self.known.get(host, [PUBLIC])


def network(site: Site, **known: Sequence[str]) -> Network:
    """A network in which every public address is the site's; hyphens for dots in names."""
    names = {name.replace("_", "."): addresses for name, addresses in known.items()}
    return Network(Names(names), PretendBackend(site), trust)


def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


@contextmanager
def serving(*, tls: bool = False) -> Iterator[Site]:
    """A site that is served until the end."""
    site = Site()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(site, listener, tls))
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(site: Site, listener: socket.socket, tls: bool) -> None:
    threads = []
    while not site.closing.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threads.append(threading.Thread(target=_serve, args=(site, connection, tls)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(site: Site, connection: socket.socket, tls: bool) -> None:
    with suppress(OSError), connection:
        if not tls:
            return site.answer(connection)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        with context.wrap_socket(connection, server_side=True) as protected:
            return site.answer(protected)


def _asked(request: str) -> str:
    """The host and path of a request."""
    first, *lines = request.splitlines()
    (host,) = (line.partition(": ")[2] for line in lines if line.startswith("Host: "))
    return host + first.split()[1]
