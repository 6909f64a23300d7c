import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from index.errors import Overloaded
from index.library import Pause
from qa.http.request_queue import SLICE_SECONDS, RequestQueue, Stopped


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


@pytest.fixture
def done() -> Iterator[threading.Event]:
    """What the work in the worker thread waits for."""
    done = threading.Event()
    yield done
    done.set()


@pytest.fixture
async def queue(done: threading.Event) -> AsyncIterator[RequestQueue]:
    """Two may wait, for long."""
    queue = RequestQueue(length=2, seconds=30)
    yield queue
    done.set()
    await asyncio.to_thread(queue.join)


async def begun(queue: RequestQueue, done: threading.Event) -> "asyncio.Task[bool]":
    """Work that has begun and goes on until ``done``."""
    started = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> bool:
        loop.call_soon_threadsafe(started.set)
        return done.wait(timeout=30)

    task = asyncio.create_task(queue.run(work))
    await started.wait()
    return task


async def queued(queue: RequestQueue, name: str, order: list[str]) -> "asyncio.Task[None]":
    task = asyncio.create_task(queue.run(lambda: order.append(name)))
    await asyncio.sleep(0)
    return task


async def test_work_gives_its_result(queue: RequestQueue) -> None:
    assert await queue.run(lambda: 6 * 7) == 42


async def test_an_error_of_the_work_is_raised_and_the_next_turn_comes(queue: RequestQueue) -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        await queue.run(lambda: 1 / 0)

    assert await queue.run(lambda: "next") == "next"


async def test_all_work_is_done_in_one_thread(queue: RequestQueue) -> None:
    names = [await queue.run(lambda: threading.current_thread().name) for _ in range(3)]

    assert len(set(names)) == 1
    assert names[0] != threading.current_thread().name


async def test_turns_come_in_the_order_of_asking(
    queue: RequestQueue, done: threading.Event
) -> None:
    order: list[str] = []
    first = await begun(queue, done)
    others = [await queued(queue, name, order) for name in ("a", "b")]

    done.set()
    await asyncio.gather(first, *others)

    assert order == ["a", "b"]


async def test_too_many_are_sent_away_at_once(queue: RequestQueue, done: threading.Event) -> None:
    first = await begun(queue, done)
    others = [await queued(queue, name, []) for name in ("a", "b")]

    with pytest.raises(Overloaded, match=r"2 requests are waiting.*PULLQUOTE_QUEUE_LENGTH") as sent:
        await queue.run(lambda: None)

    assert sent.value.retry_after == 15
    assert (queue.waiting, queue.refused) == (2, 1)
    done.set()
    await asyncio.gather(first, *others)


async def test_who_waits_too_long_is_sent_away(done: threading.Event) -> None:
    queue = RequestQueue(length=2, seconds=0.01)
    first = await begun(queue, done)

    with pytest.raises(Overloaded, match=r"has waited 0.01 seconds.*PULLQUOTE_QUEUE_SECONDS"):
        await queue.run(lambda: None)

    assert (queue.waiting, queue.refused) == (0, 1)
    done.set()
    assert await first
    await asyncio.to_thread(queue.join)


async def test_who_leaves_while_waiting_frees_the_place_and_is_not_worked_for(
    queue: RequestQueue, done: threading.Event
) -> None:
    order: list[str] = []
    await begun(queue, done)
    leaving, staying = [await queued(queue, name, order) for name in ("leaving", "staying")]

    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving

    assert queue.waiting == 1
    done.set()
    await staying
    assert order == ["staying"]


async def test_a_turn_that_comes_in_the_moment_of_leaving_is_passed_on(
    queue: RequestQueue, done: threading.Event
) -> None:
    order: list[str] = []
    first = await begun(queue, done)
    leaving, staying = [await queued(queue, name, order) for name in ("leaving", "staying")]

    done.set()
    while queue.waiting == 2:
        await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({first, leaving, staying})

    assert leaving.cancelled()
    assert order == ["staying"]


async def test_work_that_has_begun_is_finished_though_its_client_left(
    queue: RequestQueue, done: threading.Event
) -> None:
    order: list[str] = []
    first = await begun(queue, done)
    second = await queued(queue, "second", order)

    first.cancel()
    await asyncio.sleep(0)
    assert order == []
    done.set()
    await second

    assert order == ["second"]


async def test_closing_sends_the_queue_away_and_finishes_what_has_begun(
    queue: RequestQueue, done: threading.Event
) -> None:
    first = await begun(queue, done)
    second = await queued(queue, "second", [])

    queue.close()

    with pytest.raises(Overloaded, match="shutting down: try again when it is back"):
        await second
    with pytest.raises(Overloaded, match="shutting down"):
        await queue.run(lambda: None)
    done.set()
    assert await first


class Change:
    """A change that goes on in slices until it is ended, and notes when it does a slice."""

    def __init__(self) -> None:
        self.slices = 0
        self.enough = threading.Event()
        self.ended: BaseException | None = None

    def __call__(self, pause: Pause) -> str:
        try:
            while not self.enough.is_set():
                pause()
                self.slices += 1
                time.sleep(SLICE_SECONDS)
        except BaseException as error:
            self.ended = error
            raise
        return "changed"

    async def begun(self, queue: RequestQueue) -> "asyncio.Task[str]":
        task = asyncio.create_task(queue.change(self))
        while not self.slices:
            await asyncio.sleep(0.01)
        return task


async def test_a_question_does_not_wait_for_a_change_that_has_begun(queue: RequestQueue) -> None:
    change = Change()
    changing = await change.begun(queue)

    assert await queue.run(lambda: "answered") == "answered"
    assert not changing.done()
    change.enough.set()
    assert await changing == "changed"


async def test_a_change_stands_back_while_there_are_questions(
    queue: RequestQueue, done: threading.Event
) -> None:
    change = Change()
    changing = await change.begun(queue)
    asked = await begun(queue, done)
    await asyncio.sleep(4 * SLICE_SECONDS)  # the slice at hand is finished
    before = change.slices

    await asyncio.sleep(8 * SLICE_SECONDS)
    stood = change.slices - before
    done.set()
    await asked
    while change.slices == before:
        await asyncio.sleep(0.01)
    change.enough.set()
    await changing

    assert stood == 0


async def test_a_change_is_given_up_when_nobody_waits_for_it(queue: RequestQueue) -> None:
    change = Change()
    changing = await change.begun(queue)

    changing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await changing
    assert await queue.change(lambda pause: "the next") == "the next"

    assert isinstance(change.ended, Stopped)


async def test_a_change_ends_within_a_second_of_closing(
    queue: RequestQueue, done: threading.Event
) -> None:
    change = Change()
    changing = await change.begun(queue)
    asked = await begun(queue, done)

    queue.close()
    with pytest.raises(Overloaded, match="shutting down"):
        await asyncio.wait_for(changing, timeout=1)
    done.set()
    assert await asked


async def test_one_change_waits_for_the_other(queue: RequestQueue) -> None:
    first = Change()
    changing = await first.begun(queue)
    second = asyncio.create_task(queue.change(lambda pause: first.enough.is_set()))
    await asyncio.sleep(0)

    assert queue.waiting == 1
    first.enough.set()
    assert await second
    await changing


async def test_a_queue_that_does_not_move_says_for_how_long(done: threading.Event) -> None:
    queue = RequestQueue(length=2, seconds=0.05)
    asked = await begun(queue, done)
    assert queue.stuck_seconds == 0

    await asyncio.sleep(0.2)
    assert queue.stuck_seconds > 0.05
    done.set()
    await asked

    assert queue.stuck_seconds == 0
    await asyncio.to_thread(queue.join)
