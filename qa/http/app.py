"""The application: its parts made and put together, in one place."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from index.ingest.fetching.network import Network
from qa.answering.suggestions import Suggestions
from qa.http import problems
from qa.http.fetches import Fetches
from qa.http.metrics import Metrics
from qa.http.middleware.access import Access, guarded
from qa.http.middleware.authentication import Authentication
from qa.http.middleware.body_limit import BodyLimit
from qa.http.middleware.cors import CORS
from qa.http.middleware.origin import OwnOrigin
from qa.http.middleware.rate_limit import RateLimit, RateLimiter
from qa.http.middleware.request_context import RequestContext
from qa.http.middleware.trusted_hosts import TrustedHosts, served_hosts
from qa.http.opening import OpenAnswerer, Opening, open_answerer
from qa.http.request_queue import RequestQueue
from qa.http.routes import (
    about,
    articles,
    asking,
    citations,
    docs,
    exports,
    page,
    status,
    suggestions,
)
from qa.http.uploads import Uploads
from qa.keys import Keys
from qa.settings import Settings

DESCRIPTION = """Answers questions from articles in the articles' own words, with citations that a
machine can check. Offsets count Unicode code points, from 0, the end exclusive."""


def create_app(
    settings: Settings,
    *,
    open_answerer: OpenAnswerer = open_answerer,
    on_failure: Callable[[], None] = lambda: None,
    host: str | None = None,
    network: Network | None = None,
) -> FastAPI:
    """The service over the library that the settings name.

    It is alive at once, and ready when the models are loaded and the library is open. If they
    cannot be, ``on_failure`` is called and ``app.state.opening.failure`` holds the error.

    ``host`` is the address that it is going to listen on, which decides what needs a key and
    which names it answers to; without one it is for this process alone, as in tests.
    ``network`` is what pages are fetched through, the system's if none is given.
    """
    queue = RequestQueue(settings.queue_length, settings.queue_seconds)
    metrics = Metrics(queue)
    uploads = Uploads(settings)
    opening = Opening(settings, open_answerer, on_failure)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(opening.run(queue))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        uploads.close()
        queue.join()

    app = FastAPI(
        title="Pullquote",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=docs.PROBLEMS,
    )
    app.state.request_queue, app.state.metrics, app.state.opening = queue, metrics, opening
    app.state.suggestions, app.state.tags = Suggestions(), about.Tags()
    app.state.uploads = uploads
    app.state.fetches = Fetches(settings, network or Network())
    _close(app, settings, host)
    app.add_middleware(RequestContext, metrics=metrics)  # the last one added is the outermost
    problems.install(app)
    for routes in (asking, suggestions, articles, citations, exports, about, status):
        app.include_router(routes.router)
    app.include_router(page.page_router())
    docs.document(app, guarded(settings, host))
    return app


def _close(app: FastAPI, settings: Settings, host: str | None) -> None:
    """Put what keeps requests out around the app, the last to be asked first."""
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(
        Access, needed=guarded(settings, host), proxied=bool(settings.trusted_proxies)
    )
    app.add_middleware(RateLimit, limiter=RateLimiter(settings))
    app.add_middleware(Authentication, keys=Keys(settings.library))
    app.add_middleware(OwnOrigin, allowed=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(CORS, origins=settings.cors_origins)
    names = served_hosts(settings, host)
    if names:
        app.add_middleware(TrustedHosts, names=names)
