"""The request queue: one question at a time uses the models, and what changes the library gives
way to it."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from index.errors import Overloaded
from index.library import Pause

Result = TypeVar("Result")

SLICE_SECONDS = 0.05
"""How long a change goes on before it looks whether somebody asks."""

PATIENCE_SECONDS = 2.0
"""How long a change stands back at a time: with questions without end it still goes on, slowly."""


class Stopped(Exception):
    """A change was given up before its end, for nobody waits for it any more."""


class RequestQueue:
    """A worker thread for questions and one for changes, and those that wait for each in order.

    The models share the cores among themselves, so a second thread of questions would only get in
    the way. A change works in slices, and not while there are questions. At most ``length``
    requests wait for each thread, for at most ``seconds``. Belongs to one event loop.
    """

    def __init__(self, length: int, seconds: float) -> None:
        self._questions = _Line("models", length, seconds)
        self._changes = _Line("changes", length, seconds)
        self._closed = threading.Event()
        self._seconds = seconds

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._questions.places) + len(self._changes.places)

    @property
    def refused(self) -> int:
        """How many were sent away."""
        return self._questions.refused + self._changes.refused

    @property
    def stuck_seconds(self) -> float:
        """For how long the queue has not moved, if that is longer than one may wait in it."""
        began = self._questions.began
        taken = 0.0 if began is None else time.monotonic() - began
        return taken if taken > self._seconds else 0.0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work in the worker thread when its turn comes.

        Whoever is cancelled while waiting gives up the place; work that has begun is finished.
        Raises ``Overloaded`` when too many wait, the wait is too long, or after ``close``.
        """
        return await self._questions.run(work)

    async def change(self, work: Callable[[Pause], Result]) -> Result:
        """Do work that is to call what it is handed between its slices.

        There it stands back while there are questions, and ends by an exception when it was
        cancelled or after ``close``. Raises like ``run``.
        """
        given_up = threading.Event()
        pause = _Slices(self._questions.free, self._closed, given_up)
        try:
            return await self._changes.run(partial(work, pause))
        except asyncio.CancelledError:
            given_up.set()
            raise

    def close(self) -> None:
        """Send away those who wait and those who come; a question that has begun is answered."""
        self._closed.set()
        for line in (self._questions, self._changes):
            line.close()

    def join(self) -> None:
        """Close, and block until the work that has begun is finished or given up."""
        self.close()
        for line in (self._changes, self._questions):
            line.thread.shutdown()


class _Slices:
    """Divides a change into slices, by being called often."""

    def __init__(
        self, free: threading.Event, closed: threading.Event, given_up: threading.Event
    ) -> None:
        self._free = free
        self._closed = closed
        self._given_up = given_up
        self._began = 0.0

    def __call__(self) -> None:
        """Stand back while there are questions. Raises ``Stopped``, or ``Overloaded`` if the
        service ends."""
        self._check()
        if time.monotonic() - self._began < SLICE_SECONDS:
            return
        self._free.wait(PATIENCE_SECONDS)
        self._check()
        self._began = time.monotonic()

    def _check(self) -> None:
        if self._closed.is_set():
            raise _closing()
        if self._given_up.is_set():
            raise Stopped


class _Line:
    """One worker thread and those who wait for it; ``free`` is set while there are none.

    ``began`` is the time on the monotonic clock at which the work at hand was begun.
    """

    def __init__(self, name: str, length: int, seconds: float) -> None:
        self._length = length
        self._seconds = seconds
        self._closed = False
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self.places: deque[asyncio.Future[None]] = deque()
        self.free = threading.Event()
        self.free.set()
        self.began: float | None = None
        self.refused = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        try:
            await self._wait()
        except Overloaded:
            self.refused += 1
            raise
        self.began = time.monotonic()
        done = asyncio.get_running_loop().run_in_executor(self.thread, work)
        done.add_done_callback(self._done)
        return await asyncio.shield(done)

    def close(self) -> None:
        self._closed = True
        for place in self.places:
            if not place.done():
                place.set_exception(_closing())
        self.places.clear()
        self.free.set()

    async def _wait(self) -> None:
        if self._closed:
            raise _closing()
        if self.free.is_set():
            self.free.clear()
            return
        if len(self.places) >= self._length:
            raise Overloaded(
                f"{len(self.places)} requests are waiting, as many as may: try again later, or "
                "set PULLQUOTE_QUEUE_LENGTH higher",
                self._retry_after(),
            )
        place = asyncio.get_running_loop().create_future()
        self.places.append(place)
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
        if place in self.places:
            self.places.remove(place)
        elif place.done() and not place.cancelled() and place.exception() is None:
            self._pass_on()  # The turn came in the very moment of leaving.

    def _done(self, work: asyncio.Future[Result]) -> None:
        self.began = None
        if not work.cancelled():
            work.exception()  # Somebody must have looked at it, even if nobody waits any more.
        self._pass_on()

    def _pass_on(self) -> None:
        while self.places:
            place = self.places.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.free.set()

    def _retry_after(self) -> int:
        return max(1, round(self._seconds / 2))


def _closing() -> Overloaded:
    return Overloaded("the service is shutting down: try again when it is back", 5)
