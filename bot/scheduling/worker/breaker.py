"""A circuit breaker that pauses posting before Discord shuts us out.

Discord does that to an address with too many invalid requests.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.ports import INVALID
from bot.scheduling.storage.rate_limits import count_invalid_request, sum_invalid_requests

if TYPE_CHECKING:
    from datetime import datetime

    from bot.scheduling.limits import Limits
    from bot.scheduling.ports import Clock
    from bot.scheduling.storage.database import State

log = structlog.stdlib.get_logger("bot.scheduling")

FRESH = timedelta(seconds=5)
"""How long a count is trusted; other processes' refusals show after that."""


class CircuitBreaker:
    """Counts all processes' invalid requests; open after too many."""

    def __init__(self, state: State, clock: Clock, limits: Limits) -> None:
        self._state = state
        self._clock = clock
        self._limits = limits
        self._known: tuple[datetime, int] | None = None
        self._was_open = False

    async def record(self, status: int | None) -> None:
        """Count a refused request, if its status is one that Discord counts."""
        if status not in INVALID:
            return
        async with self._state.write() as transaction:
            await count_invalid_request(transaction, self._clock.now())
        if self._known is not None:
            self._known = (self._known[0], self._known[1] + 1)

    async def is_open(self) -> bool:
        """Return whether posting must pause."""
        now, known = self._clock.now(), self._known
        if known is None or not timedelta() <= now - known[0] < FRESH:
            async with self._state.read() as transaction:
                window = self._limits.invalid_window
                # Another machine's clock may be ahead, but nothing counts that is yet to come.
                count = await sum_invalid_requests(transaction, now - window, now + window)
                known = self._known = (now, count)
        is_open = known[1] >= self._limits.max_invalid_requests
        if is_open and not self._was_open:
            log.error(
                "posting pauses: Discord refused too many requests; it goes on by itself. "
                "See which channels refuse with /daily history.",
                refused=self._limits.max_invalid_requests,
                within=str(self._limits.invalid_window),
            )
        self._was_open = is_open
        return is_open
