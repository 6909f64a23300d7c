"""The server: uvicorn on a port, until it is told to stop."""

import socket
from contextlib import suppress
from functools import partial

import structlog
import uvicorn

from index.errors import InputError
from qa.http import logs
from qa.http.app import create_app
from qa.http.connections import Connections, Protocol
from qa.http.middleware.access import openness, openness_beyond
from qa.http.opening import OpenAnswerer, open_answerer
from qa.http.request_queue import RequestQueue
from qa.keys import Keys
from qa.settings import Settings

GRACE_SECONDS = 30
"""How long requests may take to be finished when the service is told to stop."""

HIGHEST_PORT = 65535

log = structlog.get_logger()


class Server(uvicorn.Server):
    """A server that, told to stop, finishes what is being answered and sends the queue away."""

    def __init__(self, config: uvicorn.Config, queue: RequestQueue) -> None:
        super().__init__(config)
        self._request_queue = queue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log.info("stopping")
        self._request_queue.close()
        await super().shutdown(sockets)


def run(
    settings: Settings, host: str, port: int, *, open_answerer: OpenAnswerer = open_answerer
) -> None:
    """Serve until interrupted or terminated; port 0 is any free one.

    It says at once what is open to whom. Raises ``InputError`` (field ``port``) when the port
    cannot be had, and the ``LibraryError`` or ``ModelError`` that keeps the service from starting.
    """
    logs.configure(settings.log_format)
    listener = listen(host, port)
    own_host = listener.getsockname()[0]
    log.info("listening", url=address(listener))
    keys = Keys(settings.library)
    beyond = openness_beyond(settings, own_host, keys)
    log.info("open", **openness(settings, own_host, keys), **beyond)

    def stop() -> None:
        server.should_exit = True

    app = create_app(settings, open_answerer=open_answerer, on_failure=stop, host=own_host)
    config = configuration(app, settings.trusted_proxies, Connections.allowed(settings))
    server = Server(config, app.state.request_queue)
    with suppress(KeyboardInterrupt):  # Ctrl+C is how one stops it
        server.run([listener])
    if app.state.opening.failure:
        raise app.state.opening.failure


def configuration(
    app: object, trusted_proxies: tuple[str, ...] = (), connections: Connections | None = None
) -> uvicorn.Config:
    """How uvicorn serves the app: one process, and the log left to us.

    Only what these proxies say of the client's address is believed.
    """
    guard = connections or Connections.allowed(Settings())
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI application
        http=partial(Protocol, guard=guard),  # type: ignore[arg-type]  # a class but for that
        ws="none",
        workers=1,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ``InputError`` (field ``port``) when it cannot be had."""
    if not 0 <= port <= HIGHEST_PORT:
        raise _unusable(host, port, f"ports end at {HIGHEST_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why, _, _ = (error.strerror or str(error)).partition(" (while attempting")
        raise _unusable(host, port, why) from error


def _unusable(host: str, port: int, why: str) -> InputError:
    return InputError(
        f"port {port} of {host!r} cannot be served on ({why}): choose another with --port or "
        "--host",
        field="port",
    )


def address(listener: socket.socket) -> str:
    """The web address of a listening socket."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
