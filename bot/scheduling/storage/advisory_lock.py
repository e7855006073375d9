"""Turns at something that Discord counts, over all processes on one PostgreSQL.

A turn is an advisory lock, held until enough time has passed since the turn before; then this one
is written down, and the lock goes with the transaction. So a process may be killed at any instant:
before that is written nobody had the turn, and afterwards the next one waits all the same. The
lock goes with a dead process's connection, and with a frozen one's when PostgreSQL ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.scheduling.storage import metadata as marks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.storage.database import State

LOCK = 0x1D_E7_71_F9  # beside a turn's number; PostgreSQL knows no names for advisory locks
SPACING = 6.0
"""Seconds between two turns: Discord's five, and what may pass until a turn is made use of."""
QUEUE = 40.0
"""Seconds to stand in the queue at most."""
FROZEN = 15.0
"""Seconds after which a holder that does nothing is taken for frozen; it needs none."""
LOCK_NOT_AVAILABLE = "55P03"


class AdvisoryLock:
    """One at a time, first come first served, `spacing` seconds apart by the database's clock."""

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
        """Return the turns of all processes on a state; None on SQLite, which serves one."""
        return None if state.is_sqlite else cls(state)

    async def acquire(self, number: int) -> bool:
        """Wait for a turn of that number; False where too many stand before this process.

        Raises:
            StateError: the database cannot be used.
        """
        try:
            async with self._state.write() as transaction:
                await self._stand_in_queue(transaction, number)
                await self._let_time_pass(transaction, f"turn {number}")
        except _Crowded:
            return False
        return True

    async def _stand_in_queue(self, transaction: AsyncConnection, number: int) -> None:
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
                raise _Crowded from error
            raise

    async def _let_time_pass(self, transaction: AsyncConnection, key: str) -> None:
        """Sleep in the database until the last turn is long enough ago, and write down this one."""
        last = await marks.mark(transaction, key)
        wait = text(
            "SELECT pg_sleep(least(:spacing, :spacing + :last"
            " - extract(epoch FROM clock_timestamp())::float8))"
        ).bindparams(spacing=self._spacing, last=float(last or 0))
        await transaction.execute(wait)
        now = text("SELECT extract(epoch FROM clock_timestamp())::float8")
        await marks.put_mark(transaction, key, str((await transaction.execute(now)).scalar()))


class _Crowded(Exception):  # noqa: N818 - an outcome, which no caller ever sees
    """The queue is too long."""
