"""Waits before a lost connection is opened again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_WAIT = 0.5
MAX_WAIT = 60.0
"""Seconds that commands stay dead, at most, once Discord is back."""
STEADY_SECONDS = 30.0
"""Seconds after which a connection was a good one, and the waits begin anew."""
MAX_DOUBLINGS = 10


class Backoff:
    """The waits of one connection: doubling up to a minute, and jittered.

    Args:
        chance: Returns a number from 0 up to 1. Without it, all the bots of an outage would come
            back at the same moment.
        monotonic: The time that a connection held is measured by.
    """

    def __init__(
        self, chance: Callable[[], float], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.losses = 0
        """How many connections in a row were lost soon, or never opened."""
        self._chance = chance
        self._monotonic = monotonic
        self._connected_at: float | None = None

    def on_connected(self) -> None:
        """Take note that a connection was opened."""
        self._connected_at = self._monotonic()

    def next_delay(self) -> float:
        """Count a loss, and return the seconds to wait after it."""
        since, self._connected_at = self._connected_at, None
        was_good = since is not None and self._monotonic() - since >= STEADY_SECONDS
        self.losses = 1 if was_good else self.losses + 1
        longest = min(MAX_WAIT, FIRST_WAIT * 2.0 ** min(self.losses - 1, MAX_DOUBLINGS))
        return longest * (1 + self._chance()) / 2
