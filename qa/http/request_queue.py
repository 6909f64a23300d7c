"""The request queue: one request at a time uses the models, and few may wait for that."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.errors import Overloaded

Result = TypeVar("Result")


class RequestQueue:
    """One worker thread for the models, and the requests that wait for it in order.

    The models share the cores among themselves, so a second worker would only get in the way.
    At most ``length`` requests wait, each for at most ``seconds``. Belongs to one event loop.
    """

    def __init__(self, length: int, seconds: float) -> None:
        self._length = length
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="models")
        self._places: deque[asyncio.Future[None]] = deque()
        self._busy = False
        self._closed = False
        self.refused = 0

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._places)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work in the worker thread when its turn comes.

        Whoever is cancelled while waiting gives up the place; work that has begun is finished.
        Raises ``Overloaded`` when too many wait, the wait is too long, or after ``close``.
        """
        try:
            await self._wait()
        except Overloaded:
            self.refused += 1
            raise
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        done.add_done_callback(lambda _: self._pass_on())
        return await asyncio.shield(done)

    def close(self) -> None:
        """Send away those who wait and those who come; the work that has begun is finished."""
        self._closed = True
        for place in self._places:
            if not place.done():
                place.set_exception(_closing())
        self._places.clear()

    def join(self) -> None:
        """Close, and block until the work that has begun is finished."""
        self.close()
        self._thread.shutdown()

    async def _wait(self) -> None:
        if self._closed:
            raise _closing()
        if not self._busy:
            self._busy = True
            return
        if len(self._places) >= self._length:
            raise Overloaded(
                f"{len(self._places)} requests are waiting, as many as may: try again later, or "
                "set PULLQUOTE_QUEUE_LENGTH higher",
                self._retry_after(),
            )
        place = asyncio.get_running_loop().create_future()
        self._places.append(place)
        try:
            async with asyncio.timeout(self._seconds):
                await place
        except BaseException as error:
            self._leave(place)
            if isinstance(error, TimeoutError):
                raise Overloaded(
                    f"the request has waited {self._seconds:g} seconds for its turn: try again "
                    "later, or set PULLQUOTE_QUEUE_SECONDS higher",
                    self._retry_after(),
                ) from error
            raise

    def _leave(self, place: asyncio.Future[None]) -> None:
        if place in self._places:
            self._places.remove(place)
        elif place.done() and not place.cancelled() and place.exception() is None:
            self._pass_on()  # The turn came in the very moment of leaving.

    def _pass_on(self) -> None:
        while self._places:
            place = self._places.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._busy = False

    def _retry_after(self) -> int:
        return max(1, round(self._seconds / 2))


def _closing() -> Overloaded:
    return Overloaded("the service is shutting down: try again when it is back", 5)
