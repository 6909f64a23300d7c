"""Rate limits: how much one caller may ask of the service in a minute."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.middleware.access import is_public, scope_of
from qa.http.middleware.authentication import Caller
from qa.http.problems import Problem, Refusal
from qa.settings import Settings

WINDOW_SECONDS = 60

MOST_COUNTED = 10_000
"""Counts kept at once; callers beyond them share one."""

OTHERS = "others"


class Quota:
    """So many of something in a window; ``setting`` moves the number."""

    def __init__(self, name: str, most: int, setting: str, seconds: int) -> None:
        self.name = name
        self.most = most
        self.setting = setting
        self.seconds = seconds
        self.item = RateLimitItemPerSecond(most, seconds, namespace=name)

    @property
    def policy(self) -> str:
        """An item of ``RateLimit-Policy``."""
        return f'"{self.name}";q={self.most};w={self.seconds}'


class RateLimiter:
    """What every caller has used up of the quotas, in memory that is bounded."""

    def __init__(self, settings: Settings, seconds: int = WINDOW_SECONDS) -> None:
        self._requests = Quota(
            "requests", settings.requests_per_minute, "PULLQUOTE_REQUESTS_PER_MINUTE", seconds
        )
        self._writes = Quota(
            "writes", settings.writes_per_minute, "PULLQUOTE_WRITES_PER_MINUTE", seconds
        )
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    @property
    def counted(self) -> int:
        """How many counts are kept."""
        return len(self._storage.expirations)

    def allowance(self, caller: Caller, *, writing: bool) -> "Allowance":
        quotas = (self._requests, self._writes) if writing else (self._requests,)
        return Allowance(self, caller, quotas)

    async def spend(self, quota: Quota, caller: Caller, cost: int) -> bool:
        """Whether there was still enough for the cost; it is counted in any case."""
        return await self._limiter.hit(quota.item, self._counted_as(quota, caller), cost=cost)

    async def left(self, quota: Quota, caller: Caller) -> tuple[int, int]:
        """How many are left, and in how many seconds all are back."""
        name = self._counted_as(quota, caller)
        stats = await self._limiter.get_window_stats(quota.item, name)
        seconds = math.ceil(stats.reset_time - time.time())
        return stats.remaining, min(max(seconds, 1), quota.seconds)

    def _counted_as(self, quota: Quota, caller: Caller) -> str:
        known = quota.item.key_for(caller.name) in self._storage.expirations
        return caller.name if known or self.counted < MOST_COUNTED else OTHERS


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one request's caller may still do."""

    limiter: RateLimiter
    caller: Caller
    quotas: Sequence[Quota]

    async def spend(self, cost: int) -> None:
        """Count the cost. Raises a ``Refusal`` when it is more than is left."""
        for quota in self.quotas:
            if not await self.limiter.spend(quota, self.caller, cost):
                _, seconds = await self.limiter.left(quota, self.caller)
                raise Refusal(_too_many(quota, self.caller, seconds))

    async def headers(self) -> dict[str, str]:
        """As in https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/."""
        left = [(quota.name, *await self.limiter.left(quota, self.caller)) for quota in self.quotas]
        return {
            "RateLimit-Policy": ", ".join(quota.policy for quota in self.quotas),
            "RateLimit": ", ".join(f'"{name}";r={count};t={s}' for name, count, s in left),
        }


def _too_many(quota: Quota, caller: Caller, seconds: int) -> Problem:
    detail = (
        f"the {caller.name} has used up its {quota.most:,} {quota.name} in {quota.seconds} "
        f"seconds: try again in {seconds} seconds, or set {quota.setting} higher"
    )
    headers = {"Retry-After": str(seconds)}
    return Problem(429, "too-many-requests", "Too many requests", detail, headers=headers)


class RateLimit:
    """Refuses what is beyond the quotas, and tells in every answer how much is left.

    What holds nothing of the library, and the metrics, is not counted.
    """

    def __init__(self, app: ASGIApp, limiter: RateLimiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_public(scope["path"]) or scope["path"] == "/metrics":
            await self._app(scope, receive, send)
            return
        writing = scope_of(scope["method"], scope["path"]) == "write"
        allowance = self._limiter.allowance(scope["state"]["caller"], writing=writing)
        scope["state"]["allowance"] = allowance

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(await allowance.headers())
            await send(message)

        try:
            await allowance.spend(1)
        except Refusal as refusal:
            await refusal.problem.response()(scope, receive, counted)
        else:
            await self._app(scope, receive, counted)
