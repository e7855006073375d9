"""At most so many requests a second over all processes: each reserves its moments in the state.

A process that was held up comes late to moments it reserved; it then begins its requests as far
apart as if it had not reserved any, so they never come in a heap.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.storage import rate_limits as quota
from bot.scheduling.worker.batcher import Together
from bot.scheduling.worker.slots import SECOND, spacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State

MOST_SLOTS = 20  # half a second's worth: what a crash wastes


class Pace:
    """Hand out turns to every process on one state, at most so many in any second.

    No more are reserved than there are requests waiting, so that none grows stale.
    """

    def __init__(self, state: State, clock: Clock, per_second: int) -> None:
        self._state = state
        self._clock = clock
        self._per_second = per_second
        self._apart = spacing(per_second)
        self._begun: deque[datetime] = deque(maxlen=per_second)
        self._gate = asyncio.Lock()
        self._turns = Together[None, "datetime"](self._reserve_alone, MOST_SLOTS)

    async def turn(self) -> None:
        """Wait for this process's next turn."""
        await self.wait(await self._turns.ask(None))

    async def reserve(self, transaction: AsyncConnection, count: int) -> list[datetime]:
        """Reserve turns inside a transaction that has something else to write as well."""
        now = self._clock.now()
        return await quota.reserve_slots(transaction, now, count, self._per_second)

    async def wait(self, slot: datetime) -> None:
        """Wait for a reserved turn, or as long after it as this process's own pace asks."""
        async with self._gate:
            while (wait := self._earliest(slot) - self._clock.now()) > timedelta():
                await self._clock.sleep(wait.total_seconds())
            self._begun.append(self._clock.now())

    def _earliest(self, slot: datetime) -> datetime:
        """Say when a request may begin; what lies too far ahead means a clock was set back."""
        moments = [slot]
        if self._begun:
            moments.append(self._begun[-1] + self._apart)
        if len(self._begun) == self._per_second:
            moments.append(self._begun[0] + SECOND)
        latest = max(moments)
        now = self._clock.now()
        return now if latest > now + quota.FURTHEST_AHEAD else latest

    async def _reserve_alone(self, asked: Sequence[None]) -> list[datetime]:
        async with self._state.write() as transaction:
            return await self.reserve(transaction, len(asked))
