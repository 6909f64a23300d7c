"""Opening: the models and the library, loaded while the service is already alive."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import structlog

from index.errors import NoArticlesFound
from index.ingest.files import take_in
from qa import bootstrap
from qa.answering.answerer import Answerer
from qa.http.request_queue import RequestQueue
from qa.settings import Settings

OpenAnswerer = Callable[[Settings], Answerer]

log = structlog.get_logger()


class NotReady(Exception):
    """The models are not loaded or the library is not open yet, or they cannot be."""


def open_answerer(settings: Settings) -> Answerer:
    """The answerer that the settings name, over its library, made if there is none.

    Raises ``ModelError`` or ``LibraryError``.
    """
    return bootstrap.open_answerer(settings, create=True)


class Opening:
    """Opens the answerer and holds it, or the error that kept it from opening.

    ``on_failure`` is called after an error, for a service without an answerer is of no use.
    """

    def __init__(
        self, settings: Settings, open_answerer: OpenAnswerer, on_failure: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._open = open_answerer
        self._on_failure = on_failure
        self._answerer: Answerer | None = None
        self.failure: Exception | None = None

    @property
    def answerer(self) -> Answerer:
        """Raises ``NotReady`` until it is open."""
        if self._answerer:
            return self._answerer
        if self.failure:
            raise NotReady("the models or the library cannot be opened: see the service's log")
        raise NotReady("the models are being loaded: try again in a few seconds")

    async def run(self, queue: RequestQueue) -> None:
        """Open everything in the worker thread, where the models will work later."""
        began = perf_counter()
        try:
            self._answerer = await queue.run(partial(_opened, self._settings, self._open))
        except Exception as error:
            self.failure = error
            log.error("cannot start", error=str(error))
            self._on_failure()
        else:
            log.info("ready", seconds=round(perf_counter() - began, 1))


def _opened(settings: Settings, open_answerer: OpenAnswerer) -> Answerer:
    answerer = open_answerer(settings)
    if answerer.library.counts()[0] == 0:
        _take_in_seeds(settings, answerer)
    # The first question fills the caches, so that ready means as fast as later on.
    answerer.ask("Is everything ready?")
    return answerer


def _take_in_seeds(settings: Settings, answerer: Answerer) -> None:
    """Give an empty library something to answer from; it may also stay empty."""
    seeds = settings.seeds.absolute()
    try:
        report = take_in(answerer.library, [seeds], seeds.parent, settings.limits())
    except NoArticlesFound as error:
        log.warning("no seeds", reason=str(error))
        return
    for outcome in report.of("refused", "skipped"):
        log.warning("seed left out", path=str(outcome.path), reason=outcome.reason)
    log.info("seeds taken in", articles=len(report.of("added")))
