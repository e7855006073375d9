"""Let days pass as they pass in life: with a stop at each moment something is due.

A clock that jumps by a day jumps over the windows of the posts on its way; they would all be
missed, as after a day's outage. The demonstration's clock goes through this instead.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.scheduling.storage.database import State

MOST_STOPS = 100  # ten schedules for ten days; whoever moves the clock further sees an outage
PATIENCE = 100
GLANCE = 0.02
"""So often, and each so many seconds, posts are given time to end before the clock goes on."""


class AdjustableClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""

    def forward(self, by: timedelta) -> None:
        """Move it."""


class FastForward:
    """Moves a clock past what is due, while a poster posts."""

    def __init__(self, state: State, clock: AdjustableClock, wake: Callable[[], None]) -> None:
        """Put the parts together; `nudge` has the poster look at once."""
        self._state = state
        self._clock = clock
        self._nudge = wake

    async def until(self, goal: datetime) -> None:
        """Move the clock to a moment, and let all be posted that is due until then."""
        for _ in range(MOST_STOPS):
            due, _ = await self._standing()
            if due is None or due > goal:
                break
            self._clock.forward(max(due - self._clock.now(), timedelta()))
            self._nudge()
            await self._posted()
        self._clock.forward(max(goal - self._clock.now(), timedelta()))
        self._nudge()

    async def _posted(self) -> None:
        """Wait until nothing is due or under way, for as long as posting may take at most."""
        for _ in range(PATIENCE):
            await asyncio.sleep(GLANCE)
            due, is_open = await self._standing()
            if not is_open and (due is None or due > self._clock.now()):
                return

    async def _standing(self) -> tuple[datetime | None, bool]:
        """Say when the next post is due, and whether any is under way."""
        async with self._state.read() as transaction:
            due = await schedules.first_due(transaction)
            return due, await ledger.first_free(transaction) is not None
