"""Fetches: pages that the service is given the address of, a few at once."""

from index.errors import Overloaded
from index.fetching.address import refusal
from index.fetching.fetched import Fetched
from index.fetching.fetcher import fetch
from index.fetching.network import Network
from qa.settings import Settings


class Fetches:
    """Fetches if the settings allow it. Belongs to one event loop."""

    def __init__(self, settings: Settings, network: Network) -> None:
        self._settings = settings
        self._network = network
        self._running = 0

    async def fetch(self, url: str) -> Fetched:
        """What is at the address.

        Raises ``InputError`` (field ``url``) when nothing is fetched here or this is not, and
        ``Overloaded`` when as many are being fetched as may be.
        """
        if not self._settings.fetch:
            raise refusal(
                url,
                "is not fetched, for this service fetches nothing: send the text or the file "
                "itself, or set PULLQUOTE_FETCH=true",
            )
        if self._running >= self._settings.fetches_at_once:
            raise Overloaded(
                f"{self._running} pages are being fetched, as many as may: try again later, or set "
                "PULLQUOTE_FETCHES_AT_ONCE higher",
                max(1, round(self._settings.fetch_seconds / 2)),
            )
        self._running += 1
        try:
            return await fetch(url, self._settings.fetch_policy(), self._network)
        finally:
            self._running -= 1
