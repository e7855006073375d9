"""Identifying to the gateway when it is this process's turn among all processes of the bot.

Discord takes, in five seconds, one IDENTIFY for each number that a shard's id leaves when divided
by `max_concurrency`, and answers another with an invalid session:
https://discord.com/developers/docs/events/gateway#sharding-max-concurrency. discord.py keeps to
that within a process; here several wait for each other, at a port that the state provides.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import DiscordError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

log = structlog.stdlib.get_logger("bot.client")

PATIENCE = 50.0
"""Seconds to wait for a turn: with its own five before, less than discord.py's sixty for it all."""
ALONE = 10.0
"""Seconds, at most, by chance, that each process waits where none can be told from the others."""
HOUR_MS = 3_600_000


class IdentifyLock(Protocol):
    """Where processes wait for each other."""

    async def acquire(self, number: int) -> bool:
        """Wait for a turn; False if too many wait before us; a StateError where nobody can tell."""
        ...


class IdentifyGate:
    """This process's place among those that identify.

    Args:
        turns: Where it waits for the others.
        chance: A number from 0 up to 1.
        patience: Seconds after which it goes on without an answer.
    """

    def __init__(
        self, turns: IdentifyLock, chance: Callable[[], float], *, patience: float = PATIENCE
    ) -> None:
        self._turns = turns
        self._chance = chance
        self._patience = patience
        self._concurrency = 1
        self._given_up: set[asyncio.Task[bool]] = set()

    def learn(self, limit: dict[str, Any], shards: Collection[int]) -> None:
        """Hear what Discord allows: its `session_start_limit`.

        Raises:
            DiscordError: it allows fewer starts today than there are shards; going over that
                ends every session and resets the token.
        """
        self._concurrency = max(1, int(limit["max_concurrency"]))
        remaining = int(limit["remaining"])
        log.info("identifying in turn", at_once=self._concurrency, starts_left=remaining)
        if remaining < len(shards):
            raise DiscordError(
                f"Discord lets this bot identify {remaining} more times in the next "
                f"{limit['reset_after'] / HOUR_MS:.1f} hours, and {len(shards)} shards are to be "
                "started; find out what started them so often, and start again after that."
            )

    async def wait(self, shard: int) -> None:
        """Return when the shard may identify, or when nobody can tell whether it may.

        Raises:
            TimeoutError: too many wait before it; discord.py takes it for a connection that
                failed, and tries again.
        """
        begun = asyncio.get_running_loop().time()
        try:
            is_ours = await self._take(shard % self._concurrency)
        except StateError as error:
            left = begun + self._patience - asyncio.get_running_loop().time()
            seconds = max(0.0, min(ALONE, left)) * self._chance()
            log.warning(
                "identifying out of turn", shard=shard, reason=str(error), after=round(seconds, 1)
            )
            await asyncio.sleep(seconds)
            return
        if not is_ours:
            raise TimeoutError(f"too many processes wait to identify before shard {shard}")

    async def _take(self, number: int) -> bool:
        taking = asyncio.create_task(self._turns.acquire(number), name="turn to identify")
        try:
            await asyncio.wait({taking}, timeout=self._patience)
            if taking.done():
                return taking.result()
        finally:
            self._give_up(taking)
        raise StateError(f"The state database did not answer within {self._patience:g} seconds.")

    def _give_up(self, taking: asyncio.Task[bool]) -> None:
        """Cancel it, but do not wait: a connection that says nothing cannot even be closed."""
        if taking.done():
            return
        taking.cancel()
        self._given_up.add(taking)
        taking.add_done_callback(self._ended)

    def _ended(self, taking: asyncio.Task[bool]) -> None:
        self._given_up.discard(taking)
        if not taking.cancelled():
            taking.exception()  # looked at, so that asyncio does not report it a second time
