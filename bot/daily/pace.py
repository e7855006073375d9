"""At most so many requests a second over all processes: each reserves its slots in the state."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.daily.state import quota

if TYPE_CHECKING:
    from datetime import datetime

    from bot.daily.ports import Clock
    from bot.daily.state.database import State

MOST_SLOTS = 20  # half a second's worth: what a crash wastes


class Pace:
    """Hand out turns, evenly spaced in time over every process on one state."""

    def __init__(self, state: State, clock: Clock, per_second: int) -> None:
        self._state = state
        self._clock = clock
        self._spacing = timedelta(seconds=1) / per_second
        self._slots: deque[datetime] = deque()
        self._waiting = 0
        self._reserving = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for this process's next turn."""
        self._waiting += 1
        try:
            async with self._reserving:
                if not self._slots:
                    await self._reserve(min(self._waiting, MOST_SLOTS))
                slot = self._slots.popleft()
        finally:
            self._waiting -= 1
        wait = (slot - self._clock.now()).total_seconds()
        if wait > 0:
            await self._clock.sleep(wait)

    async def _reserve(self, count: int) -> None:
        """Reserve no more slots than there are requests waiting, so that none grows stale."""
        async with self._state.write() as transaction:
            now = self._clock.now()
            first = await quota.reserve_slots(transaction, now, count, self._spacing)
        self._slots.extend(first + number * self._spacing for number in range(count))
