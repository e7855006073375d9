"""Discord's ids: 42 bits of milliseconds, 10 of worker, 12 of increment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock

EPOCH = 1_420_070_400.0  # 2015-01-01, where Discord's count begins
TIME_SHIFT = 22


def at(seconds: float, increment: int = 0) -> int:
    """Return the id made at that instant (seconds since 1970)."""
    return (int((seconds - EPOCH) * 1000) << TIME_SHIFT) | increment


def made_at(snowflake: int) -> float:
    """Return the instant an id was made at, in seconds since 1970."""
    return (snowflake >> TIME_SHIFT) / 1000 + EPOCH


class Snowflakes:
    """Hand out ids that only grow, dated by a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def make(self) -> int:
        """Return an id larger than all before."""
        fresh = at(self._clock.time())
        self._last = fresh if fresh > self._last else self._last + 1
        return self._last
