"""The line that interactions stand in, when more come than can be answered.

Discord takes a callback for three seconds. Where everything that comes is begun at once, an
overload makes everything late; so interactions are taken up in the order of their arrival, a
bounded number at once. While the line is long they are deferred first, which is quick, and
answered when those that nobody deferred yet have had their turn. What has waited for three seconds
is dropped unread.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.observability.meter import DropReason, Meter

log = structlog.stdlib.get_logger("bot.client")

AT_ONCE = 50
"""Answers at once: at 100 ms to Discord and back that is 500 a second, more than one core gives.

More would only make each slower.
"""
MAX_WAITING = 10_000
"""Interactions that may wait, deferred ones included; some kilobytes each."""
CONGESTED_SECONDS = 0.5
"""Seconds of waiting from which on answers are deferred before they are worked out."""
TOO_OLD_SECONDS = 3.0
"""Seconds after which Discord takes no callback."""
LONGEST_ALLOWANCE_SECONDS = 1.0
"""Of those three seconds, the most that are left for a callback, however slow it is of late."""
DEFERRED_SHARE = 4
"""Every so many turns one goes to a deferred answer, or a lasting overload would starve them."""
QUIET_SECONDS = 10.0
"""Seconds between two lines of the log about what was dropped."""


class Intake:
    """Takes interactions up in turn.

    Args:
        meter: Counts what is dropped, and how long the others wait.
        monotonic: The time of arrivals. An interaction's id tells when Discord made it, but by
            Discord's clock, from which this machine's may differ.
    """

    def __init__(self, meter: Meter, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.current_wait = 0.0
        """How long the interaction that is being begun has waited."""
        self._meter = meter
        self._monotonic = monotonic
        self._arrivals: deque[tuple[float, Callable[[], None]]] = deque()
        self._deferred: deque[asyncio.Future[None]] = deque()
        self._active = 0
        self._typical = 0.0
        """How long a place is taken, lately."""
        self._changed = asyncio.Event()
        self._dropped = 0
        self._told_at: float | None = None

    @property
    def is_congested(self) -> bool:
        """Whether the line is so long that answers are to be deferred first."""
        if not self._arrivals:
            return False
        return self._monotonic() - self._arrivals[0][0] > CONGESTED_SECONDS

    def offer(self, begin: Callable[[], None]) -> None:
        """Put an interaction at the end of the line, or drop it where the line is full."""
        if len(self._arrivals) + len(self._deferred) >= MAX_WAITING:
            self._drop("full")
            return
        self._arrivals.append((self._monotonic(), begin))
        self._changed.set()

    async def run(self) -> None:
        """Begin interactions in turn, until cancelled."""
        turns = 0
        while True:
            while self._active >= AT_ONCE or not (self._arrivals or self._deferred):
                self._changed.clear()
                await self._changed.wait()
            # As many as there are places, and not one at a time: in an overload the loop seldom
            # comes round. The tasks of those begun occupy their places when it has.
            for _ in range(AT_ONCE - self._active):
                if not (self._arrivals or self._deferred):
                    break
                turns += 1
                if self._deferred and (turns % DEFERRED_SHARE == 0 or not self._arrivals):
                    ready = self._deferred.popleft()
                    if not ready.done():
                        ready.set_result(None)
                else:
                    self._begin(*self._arrivals.popleft())
            if self._arrivals or self._deferred:
                await asyncio.sleep(0)

    @contextmanager
    def occupy(self) -> Iterator[None]:
        """Take a place among the answers at once, for as long as the block lasts."""
        self._active += 1
        since = self._monotonic()
        try:
            yield
        finally:
            self._active -= 1
            self._typical += (self._monotonic() - since - self._typical) / 10
            self._changed.set()

    @asynccontextmanager
    async def wait_for_place(self) -> AsyncIterator[None]:
        """Take a place for an answer that was deferred, once others can wait."""
        ready = asyncio.get_running_loop().create_future()
        self._deferred.append(ready)
        self._changed.set()
        await ready
        with self.occupy():
            yield

    def _begin(self, arrived: float, begin: Callable[[], None]) -> None:
        waited = self._monotonic() - arrived
        # What is begun now must still have its callback sent in time.
        if waited + min(self._typical, LONGEST_ALLOWANCE_SECONDS) > TOO_OLD_SECONDS:
            self._drop("too old")
            return
        self._meter.observe_wait(waited)
        self.current_wait = waited
        begin()
        self.current_wait = 0.0

    def _drop(self, reason: DropReason) -> None:
        self._meter.count_drop(reason)
        self._dropped += 1
        now = self._monotonic()
        if self._told_at is None or now - self._told_at >= QUIET_SECONDS:
            self._told_at = now
            log.warning("more comes than can be answered", dropped=self._dropped, last=reason)
