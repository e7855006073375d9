"""A lock over several processes on one PostgreSQL: spaced, and never lost with a holder."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import StateError
from bot.scheduling.storage.advisory_lock import LOCK, AdvisoryLock
from bot.scheduling.storage.database import State
from bot.scheduling.storage.metadata import get_value
from tests.support.waiting import PATIENCE_S, patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
async def other(url: str, state: State) -> AsyncIterator[State]:
    """Give a second process's connection to the same database."""
    async with await State.open(url) as opened:
        yield opened


@contextlib.asynccontextmanager
async def held(state: State, number: int) -> AsyncIterator[AsyncConnection]:
    """Hold a number's lock until the block ends."""
    async with state.write() as transaction:
        await transaction.execute(text(f"SELECT pg_advisory_xact_lock({LOCK}, {number})"))
        yield transaction


async def backend_that_waits(state: State) -> int:
    """Wait until some connection waits for an advisory lock; give its backend."""
    waiting = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with patience():
        while True:
            async with state.read() as transaction:
                found = (await transaction.execute(waiting)).scalar()
            if found is not None:
                return int(found)
            await asyncio.sleep(0.01)


async def test_two_processes_that_acquire_it_stay_apart(state: State, other: State) -> None:
    moments: list[float] = []

    class NotedLock(AdvisoryLock):
        """Notes when each was acquired, by the clock of the database."""

        async def _wait_for_spacing(self, transaction: AsyncConnection, key: str) -> None:
            await super()._wait_for_spacing(transaction, key)
            moments.append(float(await get_value(transaction, key) or 0))

    async def acquire_three(lock: AdvisoryLock) -> None:
        for _ in range(3):
            assert await lock.acquire(0)

    await asyncio.gather(*(acquire_three(NotedLock(each, spacing=0.1)) for each in (state, other)))
    assert all(later - sooner >= 0.1 for sooner, later in pairwise(moments))
    assert len(moments) == 6


async def test_another_number_waits_for_nobody(state: State, other: State) -> None:
    async with held(state, 0):
        assert await AdvisoryLock(other).acquire(1)


async def test_the_first_to_acquire_it_waits_for_nothing(state: State) -> None:
    assert await asyncio.wait_for(AdvisoryLock(state, spacing=60).acquire(0), 20)


async def test_an_action_in_the_future_of_the_clock_is_waited_for_once(state: State) -> None:
    async with state.write() as transaction:
        await transaction.execute(
            text("INSERT INTO metadata (key, value) VALUES ('advisory_lock 0', '9999999999.0')")
        )
    assert await asyncio.wait_for(AdvisoryLock(state, spacing=0.1).acquire(0), PATIENCE_S)


async def test_a_queue_that_is_too_long_is_left(state: State, other: State) -> None:
    lock = AdvisoryLock(other, queue=0.1)
    async with held(state, 0):
        assert not await lock.acquire(0)
    assert await lock.acquire(0)


async def test_a_dead_holders_lock_goes_with_its_connection(state: State, other: State) -> None:
    with contextlib.suppress(StateError):  # its own connection ends, as that of a dead process
        async with held(state, 0) as transaction:
            waiting = asyncio.create_task(AdvisoryLock(other).acquire(0))
            await backend_that_waits(other)
            pid = (await transaction.execute(text("SELECT pg_backend_pid()"))).scalar()
            async with other.write() as killing:
                await killing.execute(text(f"SELECT pg_terminate_backend({pid})"))
    assert await waiting


async def test_a_lost_connection_is_told(state: State, other: State) -> None:
    async with held(state, 0):
        waiting = asyncio.create_task(AdvisoryLock(other).acquire(0))
        pid = await backend_that_waits(state)
        async with state.write() as killing:
            await killing.execute(text(f"SELECT pg_terminate_backend({pid})"))
        with pytest.raises(StateError):
            await waiting


HOLDER = """
import asyncio, sys
from bot.scheduling.storage.database import State
from bot.scheduling.storage.advisory_lock import AdvisoryLock

async def main():
    async with await State.open(sys.argv[1]) as state:
        lock = AdvisoryLock(state, spacing=2, frozen=0.2)
        await lock.acquire(0)
        print("first", flush=True)
        await lock.acquire(0)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot freeze a process")
async def test_a_frozen_holder_loses_its_lock(url: str, state: State) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"first\n"
        waiting = text(
            "SELECT 1 FROM pg_stat_activity"
            " WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
        )
        async with patience():
            while True:
                async with state.read() as transaction:
                    if (await transaction.execute(waiting)).scalar():
                        break
        holder.send_signal(signal.SIGSTOP)
        assert await asyncio.wait_for(AdvisoryLock(state, spacing=0.1).acquire(0), PATIENCE_S)
    finally:
        holder.kill()
        await holder.communicate()


async def test_sqlite_needs_no_such_lock(tmp_path: Path, state: State) -> None:
    assert AdvisoryLock.for_state(state) is not None
    async with await State.open(f"sqlite:///{tmp_path / 'state.db'}") as single:
        assert AdvisoryLock.for_state(single) is None
