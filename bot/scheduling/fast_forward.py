"""Fast-forwarding a clock, with a stop at each due moment.

A clock that jumps by a day jumps over the windows of the posts on its way; they would all be
missed, as after a day's outage. The demonstration's clock goes through this instead.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.storage.deliveries import read_agenda

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.scheduling.clock import AdjustableClock
    from bot.scheduling.storage.database import State
    from bot.scheduling.storage.deliveries import Agenda

MAX_STOPS = 100  # ten schedules for ten days; a longer jump sees an outage
MAX_CHECKS = 100
CHECK_EVERY_S = 0.02
"""How often, and at which interval, posts are given time to end before the clock goes on."""


class FastForward:
    """Moves a clock past everything that is due, while a worker posts."""

    def __init__(self, state: State, clock: AdjustableClock, wake: Callable[[], None]) -> None:
        """Put the parts together; `wake` has the worker look immediately."""
        self._state = state
        self._clock = clock
        self._wake = wake

    async def run_until(self, goal: datetime) -> None:
        """Move the clock to a moment, posting all that is due before."""
        for _ in range(MAX_STOPS):
            due = (await self._read_agenda()).schedule
            if due is None or due > goal:
                break
            self._clock.forward(max(due - self._clock.now(), timedelta()))
            self._wake()
            await self._wait_for_posts()
        self._clock.forward(max(goal - self._clock.now(), timedelta()))
        self._wake()

    async def _wait_for_posts(self) -> None:
        """Wait until nothing is due or under way, within a limit."""
        for _ in range(MAX_CHECKS):
            await asyncio.sleep(CHECK_EVERY_S)
            agenda = await self._read_agenda()
            is_due = agenda.schedule is not None and agenda.schedule <= self._clock.now()
            if agenda.delivery is None and not is_due:
                return

    async def _read_agenda(self) -> Agenda:
        async with self._state.read() as transaction:
            return await read_agenda(transaction)
