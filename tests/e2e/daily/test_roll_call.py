"""Fetching the bot's servers over the sandbox: all of them, at the pace of everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.client.adapters.messenger import SERVERS_PAGE, DiscordMessenger
from bot.client.adapters.request_tracer import RequestTracer
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client.app import App


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Give a Discord whose list of the bot's servers takes three requests."""
    async with Sandbox(crowded_world(2 * SERVERS_PAGE + 1)) as sandbox:
        yield sandbox


async def test_every_page_of_the_roll_call_waits_for_its_turn(app: App, sandbox: Sandbox) -> None:
    slots: list[int] = []

    async def acquire() -> None:
        slots.append(len(sandbox.log.requests("GET", "/users/@me/guilds")))

    before = len(sandbox.log.requests("GET", "/users/@me/guilds"))
    joined = await DiscordMessenger(app, RequestTracer()).fetch_guild_ids(acquire)
    assert joined == set(sandbox.world.bot_guild_ids())
    assert slots == [before, before + 1, before + 2]
