"""Turns to identify to the gateway, among all processes.

In five seconds, Discord takes one IDENTIFY for each remainder of a shard's id divided by
`max_concurrency`, and answers another with an invalid session:
https://discord.com/developers/docs/events/gateway#sharding-max-concurrency. discord.py keeps to
that within a process; several processes wait for each other through the state database.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import DiscordError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

log = structlog.stdlib.get_logger("bot.client")

PATIENCE = 50.0
"""Seconds to wait for a turn; discord.py allows sixty, of which its own wait takes five."""
MAX_BLIND_WAIT = 10.0
"""Seconds, times chance, that a process waits where it cannot see the others."""
HOUR_MS = 3_600_000


class IdentifyLock(Protocol):
    """A lock for each remainder, taken by processes in turn."""

    async def acquire(self, number: int) -> bool:
        """Wait for a turn.

        Returns False if too many others wait; raises StateError where the others cannot be seen.
        """
        ...


class IdentifyGate:
    """Lets this process's shards identify, one turn at a time.

    Args:
        lock: Where processes wait for each other.
        chance: Returns a number from 0 up to 1.
        patience: Seconds after which it goes on without an answer.
    """

    def __init__(
        self, lock: IdentifyLock, chance: Callable[[], float], *, patience: float = PATIENCE
    ) -> None:
        self._lock = lock
        self._chance = chance
        self._patience = patience
        self._concurrency = 1
        self._abandoned: set[asyncio.Task[bool]] = set()

    def learn_limit(self, limit: Mapping[str, Any], shards: Collection[int]) -> None:
        """Take note of Discord's `session_start_limit`.

        Raises:
            DiscordError: It allows fewer starts today than there are shards; going over that
                ends every session and resets the token.
        """
        self._concurrency = max(1, int(limit["max_concurrency"]))
        remaining = int(limit["remaining"])
        log.info("identifying in turn", max_concurrency=self._concurrency, starts_left=remaining)
        if remaining < len(shards):
            raise DiscordError(
                f"Discord lets this bot identify {remaining} more times in the next "
                f"{limit['reset_after'] / HOUR_MS:.1f} hours, and {len(shards)} shards are to be "
                "started; find out what started them so often, and start again after that."
            )

    async def wait(self, shard: int) -> None:
        """Wait until a shard may identify, or others cannot be seen.

        Raises:
            TimeoutError: Too many wait before it; discord.py takes it for a connection that
                failed, and tries again.
        """
        begun = asyncio.get_running_loop().time()
        try:
            # Discord lets shards of different remainders identify at the same time.
            is_ours = await self._take_turn(shard % self._concurrency)
        except StateError as error:
            left = begun + self._patience - asyncio.get_running_loop().time()
            seconds = max(0.0, min(MAX_BLIND_WAIT, left)) * self._chance()
            log.warning(
                "identifying out of turn", shard=shard, reason=str(error), after=round(seconds, 1)
            )
            await asyncio.sleep(seconds)
            return
        if not is_ours:
            raise TimeoutError(f"too many processes wait to identify before shard {shard}")

    async def _take_turn(self, number: int) -> bool:
        taking = asyncio.create_task(self._lock.acquire(number), name="turn to identify")
        try:
            await asyncio.wait({taking}, timeout=self._patience)
            if taking.done():
                return taking.result()
        finally:
            if not taking.done():
                # Not awaited: a connection that says nothing cannot even be closed.
                taking.cancel()
                self._abandoned.add(taking)
                taking.add_done_callback(self._forget)
        raise StateError(f"The state database did not answer within {self._patience:g} seconds.")

    def _forget(self, taking: asyncio.Task[bool]) -> None:
        self._abandoned.discard(taking)
        if not taking.cancelled():
            taking.exception()  # looked at, so that asyncio does not report it a second time
