"""The machine's time, which a demonstration may move forward."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """What time it is, plus what it was moved forward by; waiting takes as long as it takes."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def forward(self, by: timedelta) -> None:
        """Move the hour forward; whoever naps until then must be woken."""
        self._ahead += by
