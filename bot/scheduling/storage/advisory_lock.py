"""A lock over all processes on one PostgreSQL.

The lock is held until enough time has passed since the last action; then this one is written down,
and the lock goes with the transaction. So a process may be killed at any instant: before that is
written nobody acted, and afterwards the next process waits all the same. The lock goes with a dead
process's connection, and with a frozen one's when PostgreSQL ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.scheduling.storage.metadata import get_value, set_value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.storage.database import State

LOCK = 0x1D_E7_71_F9  # beside an action's number; PostgreSQL knows no names for advisory locks
SPACING = 6.0
"""Seconds between two actions: Discord's five, and what may pass until an action is carried out."""
QUEUE = 40.0
"""Seconds to stand in the queue at most."""
FROZEN = 15.0
"""Seconds after which an idle holder is taken for frozen; it needs none."""
LOCK_NOT_AVAILABLE = "55P03"


class AdvisoryLock:
    """Lets one process act at a time, `spacing` seconds apart."""

    def __init__(
        self,
        state: State,
        *,
        spacing: float = SPACING,
        queue: float = QUEUE,
        frozen: float = FROZEN,
    ) -> None:
        self._state = state
        self._spacing = spacing
        self._queue = queue
        self._frozen = frozen

    @classmethod
    def for_state(cls, state: State) -> AdvisoryLock | None:
        """Return the lock of all processes on a state.

        SQLite has none, as it serves one process.
        """
        return None if state.is_sqlite else cls(state)

    async def acquire(self, number: int) -> bool:
        """Wait for the action of that number; return whether it is allowed.

        It is not where the queue is too long.

        Raises:
            StateError: the database cannot be used.
        """
        try:
            async with self._state.write() as transaction:
                await self._lock(transaction, number)
                await self._wait_for_spacing(transaction, f"advisory_lock {number}")
        except _QueueTooLongError:
            return False
        return True

    async def _lock(self, transaction: AsyncConnection, number: int) -> None:
        for name, seconds in (
            ("lock_timeout", self._queue),
            ("idle_in_transaction_session_timeout", self._frozen),
        ):
            bound = {"name": name, "value": f"{round(seconds * 1000)}ms"}
            await transaction.execute(text("SELECT set_config(:name, :value, true)"), bound)
        try:
            await transaction.execute(
                text("SELECT pg_advisory_xact_lock(:lock, :number)"),
                {"lock": LOCK, "number": number},
            )
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                raise _QueueTooLongError from error
            raise

    async def _wait_for_spacing(self, transaction: AsyncConnection, key: str) -> None:
        """Sleep until the last action is long ago, and note this one."""
        last = await get_value(transaction, key)
        wait = text(
            "SELECT pg_sleep(least(:spacing, :spacing + :last"
            " - extract(epoch FROM clock_timestamp())::float8))"
        ).bindparams(spacing=self._spacing, last=float(last or 0))
        await transaction.execute(wait)
        now = text("SELECT extract(epoch FROM clock_timestamp())::float8")
        await set_value(transaction, key, str((await transaction.execute(now)).scalar()))


class _QueueTooLongError(Exception):
    """The queue is too long; no caller ever sees this."""
