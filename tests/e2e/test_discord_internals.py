"""What is used of discord.py beyond its documentation, held against the version installed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.client.discord_internals import (
    CHECKED_VERSION,
    StoredLayout,
    api_address,
    components_of,
    fetch_commands,
    fetch_gateway,
    redirect_discord,
    release_requests,
)
from bot.client.endpoint import use_endpoint
from bot.client.views.layout import notice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox


@pytest.fixture
async def client(sandbox: Sandbox, endpoint: Endpoint) -> AsyncIterator[discord.Client]:
    with use_endpoint(endpoint):
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(sandbox.token)
            yield client


def test_it_was_checked_against_the_version_that_is_installed() -> None:
    """Fails at another version: read each use in `discord_internals` again, then change it."""
    assert discord.version_info[:2] == CHECKED_VERSION


def test_both_addresses_are_given_back() -> None:
    before = api_address()
    with redirect_discord("http://127.0.0.1:1/api", "ws://127.0.0.1:1"):
        assert api_address() == "http://127.0.0.1:1/api"
    assert api_address() == before == "https://discord.com/api/v10"


async def test_the_gateway_comes_with_its_address_and_limits(
    client: discord.Client, sandbox: Sandbox
) -> None:
    gateway = await fetch_gateway(client)
    assert gateway.address == sandbox.gateway_url
    assert gateway.shards == 1
    assert gateway.start_limit.keys() >= {"remaining", "reset_after", "max_concurrency"}


async def test_commands_come_with_the_fields_that_the_models_leave_out(
    client: discord.Client,
) -> None:
    tree = discord.app_commands.CommandTree(client)
    command: discord.app_commands.Command[Any, ..., None] = discord.app_commands.Command(
        name="x", description="x", callback=_nothing
    )
    command.default_permissions = discord.Permissions(manage_guild=True)
    tree.add_command(command)
    await tree.sync()
    (fetched,) = await fetch_commands(client, None)
    assert fetched["default_member_permissions"] == "32"


async def _nothing(interaction: discord.Interaction) -> None:
    """Do nothing."""


async def test_requests_that_a_global_limit_holds_back_are_released(
    client: discord.Client, sandbox: Sandbox
) -> None:
    client.http._global_over.clear()
    held = asyncio.create_task(client.fetch_user(int(sandbox.user("fan").user.id)))
    done, _ = await asyncio.wait({held}, timeout=0.2)
    assert not done
    release_requests(client)
    async with asyncio.timeout(10):
        assert (await held).id == sandbox.user("fan").user.id


async def test_a_layout_that_was_stored_is_sent_as_it_was_rendered() -> None:
    components = components_of(notice("Hello."))
    stored = StoredLayout(components)
    assert components_of(stored) == components
    assert stored.has_components_v2()
    assert not stored.is_dispatchable()  # so discord.py keeps none of it
