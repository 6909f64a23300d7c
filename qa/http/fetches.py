"""Fetches: pages that the service is given the address of, a few at once."""

import asyncio

from index.errors import Overloaded
from index.ingest.fetching.address import refusal
from index.ingest.fetching.fetcher import fetch
from index.ingest.fetching.network import Network
from index.ingest.fetching.sources import load_fetched
from index.ingest.loading import Loaded
from qa.settings import Settings

AT_ONCE = 4
"""Pages that are fetched at the same time, at most."""


class Fetches:
    """Fetches and loads if the settings allow it. Belongs to one event loop."""

    def __init__(self, settings: Settings, network: Network, at_once: int = AT_ONCE) -> None:
        self._settings = settings
        self._network = network
        self._at_once = at_once
        self._running = 0

    @property
    def allowed(self) -> bool:
        """Whether pages are fetched at all."""
        return self._settings.fetch

    async def load(self, url: str) -> Loaded:
        """The articles that are at the address.

        Raises ``InputError`` (field ``url``) when nothing is fetched here or this is not, and
        ``Overloaded`` when as many are being fetched as may be.
        """
        self._check(url)
        self._running += 1
        try:
            fetched = await fetch(url, self._settings.fetch_policy(), self._network)
        except BaseException:
            self._running -= 1
            raise
        # Who leaves does not stop the thread, so it keeps its place among those at once.
        loop = asyncio.get_running_loop()
        loading = loop.run_in_executor(None, load_fetched, fetched, self._settings.limits())
        loading.add_done_callback(self._loaded)
        return await asyncio.shield(loading)

    def _check(self, url: str) -> None:
        if not self._settings.fetch:
            raise refusal(
                url,
                "is not fetched, for this service fetches nothing: send the text or the file "
                "itself, or set PULLQUOTE_FETCH=true",
            )
        if self._running >= self._at_once:
            raise Overloaded(
                f"{self._running} pages are being fetched, as many as may: try again later",
                max(1, round(self._settings.fetch_seconds / 2)),
            )

    def _loaded(self, loading: asyncio.Future[Loaded]) -> None:
        self._running -= 1
        if not loading.cancelled():
            loading.exception()  # Somebody must have looked at it, even if nobody waits any more.
