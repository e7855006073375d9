"""At most so many requests a second over all processes: each reserves its slots in the state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.daily.state import quota
from bot.daily.together import Together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.daily.ports import Clock
    from bot.daily.state.database import State

MOST_SLOTS = 20  # half a second's worth: what a crash wastes


class Pace:
    """Hand out turns, evenly spaced in time over every process on one state.

    No more slots are reserved than there are requests waiting, so that none grows stale.
    """

    def __init__(self, state: State, clock: Clock, per_second: int) -> None:
        self._state = state
        self._clock = clock
        self._spacing = timedelta(seconds=1) / per_second
        self._turns = Together[None, "datetime"](self._reserve_alone, MOST_SLOTS)

    async def turn(self) -> None:
        """Wait for this process's next turn."""
        await self.wait(await self._turns.ask(None))

    async def reserve(self, transaction: AsyncConnection, count: int) -> list[datetime]:
        """Reserve turns inside a transaction that has something else to write as well."""
        now = self._clock.now()
        first = await quota.reserve_slots(transaction, now, count, self._spacing)
        return [first + number * self._spacing for number in range(count)]

    async def wait(self, slot: datetime) -> None:
        """Wait for a reserved turn."""
        seconds = (slot - self._clock.now()).total_seconds()
        if seconds > 0:
            await self._clock.sleep(seconds)

    async def _reserve_alone(self, asked: Sequence[None]) -> list[datetime]:
        async with self._state.write() as transaction:
            return await self.reserve(transaction, len(asked))
