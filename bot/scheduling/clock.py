"""The clocks of this machine: the system's, and one that a demonstration moves forward."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class AdjustableClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        ...

    def forward(self, by: timedelta) -> None:
        """Move it forward."""
        ...


class SystemClock:
    """The system's time, plus an offset that only tests and demonstrations set."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def forward(self, by: timedelta) -> None:
        """Move the time forward; a worker that rests until then must be woken."""
        self._ahead += by
