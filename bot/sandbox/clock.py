"""Time, as the sandbox is told it.

Clock              what the sandbox asks for
├── WallClock      real time, which can be moved forward
└── ManualClock    stands still until a test moves it
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer(Protocol):
    """A callback that is due later."""

    def cancel(self) -> None:
        """Never call it."""


class Clock(Protocol):
    """The time, and a way to wait for it."""

    def time(self) -> float:
        """Return the wall time in seconds since 1970."""

    def monotonic(self) -> float:
        """Return monotonic seconds, for deadlines."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Request back after that many seconds."""

    async def sleep(self, delay: float) -> None:
        """Wait that many seconds."""


class WallClock:
    """Real time, shifted by how far it was advanced.

    Moving it changes the hour that people read; deadlines that are running keep their length.
    """

    def __init__(self) -> None:
        self._ahead = 0.0

    def time(self) -> float:
        """Return the instant, in seconds since 1970."""
        return time.time() + self._ahead

    def monotonic(self) -> float:
        """Return seconds since some start."""
        return time.monotonic()

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Request back after that many seconds."""
        return asyncio.get_running_loop().call_later(delay, callback)

    async def sleep(self, delay: float) -> None:
        """Wait that many seconds."""
        await asyncio.sleep(delay)

    def advance(self, seconds: float) -> None:
        """Move the hour forward."""
        self._ahead += seconds


class _ManualTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class ManualClock:
    """Time that stands still until a test moves it."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self._now = start
        self._order = itertools.count()
        self._due: list[tuple[float, int, _ManualTimer]] = []

    def time(self) -> float:
        """Return the instant, in seconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds since some start."""
        return self._now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Request back once the clock was moved that far."""
        timer = _ManualTimer(callback)
        heapq.heappush(self._due, (self._now + delay, next(self._order), timer))
        return timer

    async def sleep(self, delay: float) -> None:
        """Wait until the clock was moved that far."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.call_later(delay, wake)
        try:
            await woken
        finally:
            timer.cancel()

    def advance(self, seconds: float) -> None:
        """Move the clock and call in order everything that falls due."""
        end = self._now + seconds
        while self._due and self._due[0][0] <= end:
            self._now, _, timer = heapq.heappop(self._due)
            if timer.callback is not None:
                timer.callback()
        self._now = end
