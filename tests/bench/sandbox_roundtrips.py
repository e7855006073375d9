"""How long a command takes through the sandbox, with a bare discord.py bot that says "pong".

    python -m tests.bench.sandbox_roundtrips [COUNT]

Two ways in, the same bot: the driver for tests, and the page's API (HTTP and event stream).
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.plain_bot import pointed_at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

USUAL_COUNT = 1_000


def bare_bot() -> discord.AutoShardedClient:
    """Return a bot of one command whose answer never changes."""
    bot = discord.AutoShardedClient(intents=discord.Intents.none())
    tree = app_commands.CommandTree(bot)

    @tree.command()
    async def ping(interaction: discord.Interaction) -> None:
        """Say pong."""
        await interaction.response.send_message("pong")

    async def sync() -> None:
        await tree.sync()

    bot.setup_hook = sync  # type: ignore[method-assign]  # the documented place, without a class
    return bot


async def through_driver(sandbox: Sandbox) -> Callable[[], Awaitable[None]]:
    """Return a round trip through the driver for tests."""
    fan = sandbox.user("fan")

    async def trip() -> None:
        reply = await fan.command("ping")
        assert reply.text == "pong"

    return trip


async def through_page(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> Callable[[], Awaitable[None]]:
    """Return a round trip through the page's API: command in, event with the answer out."""
    api = f"{sandbox.page_url}api"
    channel = str(sandbox.user("fan").channel.id)
    where = {"as": "fan", "channel": channel}
    async with session.get(f"{api}/commands", params=where) as response:
        command = (await response.json())["commands"][0]["id"]
    stream = await session.get(f"{api}/events")

    async def trip() -> None:
        asked = where | {"command": command, "options": []}
        async with session.post(f"{api}/command", json=asked) as response:
            assert response.status == 200
        async for line in stream.content:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                if event["type"] == "message_create":
                    assert event["message"]["content"] == "pong"
                    return

    return trip


async def measure(name: str, count: int, trip: Callable[[], Awaitable[None]]) -> None:
    """Run the trips one after another and print what they took."""
    for _ in range(20):
        await trip()
    took = []
    for _ in range(count):
        started = time.perf_counter()
        await trip()
        took.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(took, n=100)
    print(f"{name:>8}: {count} of {count} answered, p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms")


async def main(count: int) -> None:
    """Start everything and measure both ways."""
    sandbox = Sandbox(small_world())
    await sandbox.start()
    with pointed_at(sandbox):
        async with bare_bot() as bot, aiohttp.ClientSession() as session:
            await bot.login(sandbox.token)
            connecting = asyncio.create_task(bot.connect())
            while not sandbox.gateway.is_online:  # noqa: ASYNC110 - start-up, not measured
                await asyncio.sleep(0.01)
            await measure("driver", count, await through_driver(sandbox))
            await measure("page", count, await through_page(sandbox, session))
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
    await sandbox.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_COUNT))
