"""Typed text leaves memory soon after its answer, not whenever the garbage collector comes by."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client.responding import InFlight

SOON = 5.0
"""Seconds until what an answer left behind is freed, unless others are being given."""


class Forgetting:
    """Frees what interactions leave behind, a few seconds after they came.

    An interaction, its view and an error's traceback refer to each other in circles, and only the
    collector frees those. By itself it looks at objects that have lived a while only once many
    others have come, which in a quiet bot may take hours.
    """

    def __init__(self, seconds: float = SOON) -> None:
        """Take how long to wait; set nothing going yet."""
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._came_since = False

    def begin(self) -> None:
        """Leave out from now on what is in memory by now: it stays, and takes long to look at."""
        gc.freeze()

    def interaction_came(self, in_flight: InFlight) -> None:
        """Free what an interaction will leave behind, once it is over."""
        self._came_since = True
        if self._timer is None:
            self._wait(in_flight)

    def _wait(self, in_flight: InFlight) -> None:
        self._came_since = False
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds, self._forget, in_flight)

    def _forget(self, in_flight: InFlight) -> None:
        self._timer = None
        gc.collect()
        if self._came_since or in_flight.count:
            self._wait(in_flight)
