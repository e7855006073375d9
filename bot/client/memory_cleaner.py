"""Freeing typed text soon after its answer, before the garbage collector would."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client.knowledge import InFlight

DELAY_SECONDS = 5.0
"""Seconds until the remains of an answer are freed, unless others are being given."""


class MemoryCleaner:
    """Frees the remains of interactions a few seconds after they came.

    An interaction, its view and an error's traceback refer to each other in circles, and only the
    collector frees those. By itself it looks at objects that have lived a while only once many
    others have come, and in a quiet bot that may take hours.
    """

    def __init__(self, seconds: float = DELAY_SECONDS) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._is_needed_again = False

    def start(self) -> None:
        """Exempt everything now in memory from collection, and collect from now on."""
        # It stays for good, and would be slow to search at every collection.
        gc.freeze()
        gc.enable()

    def schedule(self, in_flight: InFlight) -> None:
        """Free the remains of an interaction once it is over."""
        self._is_needed_again = True
        if self._timer is None:
            self._start_timer(in_flight)

    def _start_timer(self, in_flight: InFlight) -> None:
        self._is_needed_again = False
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds, self._collect, in_flight)

    def _collect(self, in_flight: InFlight) -> None:
        self._timer = None
        gc.collect()
        if self._is_needed_again or in_flight.count:
            self._start_timer(in_flight)
