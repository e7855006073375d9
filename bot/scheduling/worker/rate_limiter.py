"""A rate limiter over all processes, by slots reserved in the state.

Discord counts requests by the second. So a slot lies at least a second after the slot that is as
many slots back as a second may hold: in any second whatever there are no more slots than that,
however unevenly they are asked for. A process that fell behind catches up a little faster than
the rate, out of what the second has left.

A process that was held up comes late to slots it reserved; it then begins its requests as far
apart as if it had not reserved any, so they never come in a burst.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.storage.rate_limits import lock_recent_slots, store_recent_slots
from bot.scheduling.worker.batcher import Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State

SECOND = timedelta(seconds=1)
CATCH_UP = 1.25  # forty a second, caught up at fifty: Discord's own limit
MAX_BATCH = 20  # half a second's slots: all that a crash wastes
MAX_CLOCK_SKEW = timedelta(minutes=1)
"""How far two machines' clocks may differ; no slot is ever reserved further ahead."""


class RateLimiter:
    """Hands out request slots to every process on one state.

    No more are reserved than there are requests waiting, so that none grows stale.
    """

    def __init__(self, state: State, clock: Clock, per_second: int) -> None:
        self._state = state
        self._clock = clock
        self._per_second = per_second
        self._begun: deque[datetime] = deque(maxlen=per_second)
        self._gate = asyncio.Lock()
        self._reservations = Batcher[None, "datetime"](self._reserve_batch, MAX_BATCH)

    async def acquire(self) -> None:
        """Wait until one more request may be made."""
        await self.wait_for(await self._reservations.submit(None))

    async def reserve(self, transaction: AsyncConnection, count: int) -> list[datetime]:
        """Reserve slots inside a transaction that has something else to write as well.

        A slot further ahead than clocks may differ means a clock was set back; it is dropped.
        """
        now = self._clock.now()
        stored = await lock_recent_slots(transaction)
        slots = [slot for slot in stored if slot <= now + MAX_CLOCK_SKEW]
        for _ in range(count):
            slots.append(next_slot(slots, now, self._per_second))
        await store_recent_slots(transaction, [slot for slot in slots if slot > slots[-1] - SECOND])
        return slots[len(slots) - count :]

    async def wait_for(self, slot: datetime) -> None:
        """Wait for a reserved slot, or longer where this process's own rate asks for it."""
        async with self._gate:
            while True:
                earliest, now = next_slot(self._begun, slot, self._per_second), self._clock.now()
                # A moment further ahead than clocks may differ means that ours was set back: to
                # wait for it could take hours.
                if earliest <= now or earliest > now + MAX_CLOCK_SKEW:
                    break
                await self._clock.sleep((earliest - now).total_seconds())
            self._begun.append(self._clock.now())

    async def _reserve_batch(self, requests: Sequence[None]) -> list[datetime]:
        async with self._state.write() as transaction:
            return await self.reserve(transaction, len(requests))


def min_spacing(per_second: int) -> timedelta:
    """Return the least time between two slots."""
    return SECOND / (per_second * CATCH_UP)


def next_slot(recent: Sequence[datetime], not_before: datetime, per_second: int) -> datetime:
    """Return the first moment for one more request that keeps the rate.

    Args:
        recent: the slots before it, in order.
        not_before: no slot lies before it.
        per_second: the most slots in any second.
    """
    moments = [not_before]
    if recent:
        moments.append(recent[-1] + min_spacing(per_second))
    if len(recent) >= per_second:
        moments.append(recent[-per_second] + SECOND)
    return max(moments)
