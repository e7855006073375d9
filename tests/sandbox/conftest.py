"""A sandbox on a free port, and a real discord.py bot over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sandbox.clock import ManualClock
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.caller import Caller
from tests.support.plain_bot import PlainBot, pointed_at
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(small_world(), answer_seconds=PATIENCE_S)
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def still(clock: ManualClock) -> AsyncIterator[Sandbox]:
    """A sandbox whose time stands still until the test moves it."""
    sandbox = Sandbox(small_world(), clock=clock)
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[PlainBot]:
    """A discord.py bot, connected, its commands synced."""
    with pointed_at(sandbox):
        async with PlainBot().running(sandbox.token) as bot:
            yield bot


@pytest.fixture
async def still_bot(still: Sandbox) -> AsyncIterator[PlainBot]:
    """The same over the sandbox whose time stands still."""
    with pointed_at(still):
        async with PlainBot().running(still.token) as bot:
            yield bot


@pytest.fixture
async def caller(sandbox: Sandbox) -> AsyncIterator[Caller]:
    """A bot's HTTP requests by hand."""
    async with aiohttp.ClientSession() as session:
        yield Caller(sandbox, session)
