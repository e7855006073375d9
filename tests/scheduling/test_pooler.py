"""The state behind a real transaction pooler, which most hosts of PostgreSQL put before it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import StateError
from bot.scheduling.models import Outcome
from bot.scheduling.storage.advisory_lock import AdvisoryLock
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import inspect_state, list_damage
from tests.scheduling.conftest import Harness
from tests.support.pooler import pooled

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.postgres import PostgresServer

__all__ = ["pooled"]

PROCESSES = 4


async def test_several_processes_start_post_and_are_examined_behind_a_pooler(
    postgres_server: PostgresServer, pooled: Callable[[str], str]
) -> None:
    url = f"{pooled(postgres_server.new_database())}?pgbouncer=true"
    async with AsyncExitStack() as stack:
        opened = await asyncio.gather(*(State.open(url) for _ in range(PROCESSES)))
        harnesses = [Harness(await stack.enter_async_context(one)) for one in opened]
        for number, harness in enumerate(harnesses):
            harness._numbers = count(number * 100)  # each its own
            await harness.add(f"schedule {number}", channel_id=number + 1)
        for harness in harnesses:
            harness.clock.forward(hours=1)
        await asyncio.gather(*(harness.work() for harness in harnesses))
        assert {one.outcome for one in await harnesses[0].history()} == {Outcome.SENT}
        posted = [
            harness.discord.posted(number + 1)
            for number in range(PROCESSES)
            for harness in harnesses
        ]
        assert sum(map(len, posted)) == PROCESSES
        await asyncio.gather(*(one.check() for one in opened))
        locks = [AdvisoryLock(one, spacing=0.0) for one in opened]
        assert all(await asyncio.gather(*(lock.acquire(1) for lock in locks)))
        async with opened[0].read() as connection:
            left = text("SELECT count(*) FROM pg_prepared_statements")
            assert await connection.scalar(left) == 0
    assert (await inspect_state(url)).is_current
    assert await list_damage(url) == ()


async def test_a_pooler_that_the_url_does_not_name_is_noticed(
    postgres_server: PostgresServer, pooled: Callable[[str], str]
) -> None:
    direct = postgres_server.new_database()
    async with await State.open(direct):
        pass
    assert not (await inspect_state(direct)).is_pooled
    try:
        assert (await inspect_state(pooled(direct))).is_pooled
    except StateError as error:  # a statement was missed even before
        assert "add pgbouncer=true" in str(error)  # noqa: PT017 - either will do
    assert not (await inspect_state(f"{pooled(direct)}?pgbouncer=true")).is_pooled


async def test_an_option_that_the_pooler_does_not_take_is_named(
    postgres_server: PostgresServer, pooled: Callable[[str], str]
) -> None:
    url = f"{pooled(postgres_server.new_database())}?pgbouncer=true&search_path=public"
    with pytest.raises(StateError, match="does not take the option 'search_path'; leave it out"):
        await State.open(url)
