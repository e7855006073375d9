"""Pause posting long before Discord would shut this address out for its refused requests."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.ports import INVALID
from bot.scheduling.storage import rate_limits as quota

if TYPE_CHECKING:
    from datetime import datetime

    from bot.scheduling.limits import Limits
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=5)


class Breaker:
    """Count invalid requests of every process on one state; open while there were too many."""

    def __init__(self, state: State, clock: Clock, limits: Limits) -> None:
        self._state = state
        self._clock = clock
        self._limits = limits
        self._known: tuple[datetime, int] | None = None
        self._was_open = False

    async def count(self, status: int | None) -> None:
        """Count a refused request, if its status is one that Discord counts."""
        if status not in INVALID:
            return
        async with self._state.write() as transaction:
            await quota.count_invalid(transaction, self._clock.now())
        if self._known is not None:
            self._known = (self._known[0], self._known[1] + 1)

    async def is_open(self) -> bool:
        """Say whether posting must pause; what other processes counted shows within seconds."""
        is_open = await self._counted() >= self._limits.invalid
        if is_open and not self._was_open:
            log.error(
                "Posting pauses: Discord refused %s requests within %s; it goes on by itself. "
                "See which channels refuse with /daily history.",
                self._limits.invalid,
                self._limits.invalid_within,
            )
        self._was_open = is_open
        return is_open

    async def _counted(self) -> int:
        now = self._clock.now()
        if self._known is None or not timedelta() <= now - self._known[0] < FRESH:
            async with self._state.read() as transaction:
                since = now - self._limits.invalid_within
                self._known = (now, await quota.invalid_since(transaction, since))
        return self._known[1]
