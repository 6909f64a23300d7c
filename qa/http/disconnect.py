"""Disconnects: work for a client is given up when the client leaves before it has begun."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

Result = TypeVar("Result")


class ClientLeft(Exception):
    """The client closed the connection before its answer was ready."""


async def while_present(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The work's result; the work is cancelled, and ``ClientLeft`` raised, if the client leaves.

    The request's body must have been read.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientLeft
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
