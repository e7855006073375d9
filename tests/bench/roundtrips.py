"""A thousand /ask in a row through the page: none may be lost; how long each takes.

    python -m tests.bench.roundtrips [COUNT]

Page API, gateway, bot, callback, event stream, and back. Beside ours a bare discord.py bot of one
static command, over a sandbox of its own; the two are asked in turns, so that a busy moment of the
machine meets both. Ours answers a different question each time, as typed.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_packs
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.demo import demo
from tests.support.page_client import PageClient, text_of
from tests.support.plain_bot import pointed_at
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

USUAL_COUNT = 1_000
WARM_UP = 20


class BareBot(discord.AutoShardedClient):
    """One command, whose answer never changes."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(ping)

    async def setup_hook(self) -> None:
        """Publish the command."""
        await self.tree.sync()


@app_commands.command()
async def ping(interaction: discord.Interaction) -> None:
    """Say pong."""
    await interaction.response.send_message("pong")


async def serve_bare_bot() -> None:
    """Be the bare bot and its sandbox until ended; print the page's address once it answers."""
    async with Sandbox(small_world()) as sandbox, BareBot() as bot:
        with pointed_at(sandbox):
            serving = asyncio.create_task(bot.start(sandbox.token))
            await until(lambda: sandbox.gateway.is_online)
            print(sandbox.page_url, flush=True)
            await serving


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    """Start the bare bot in a process of its own, as ours is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", __spec__.name, "bare", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.communicate()


def questions() -> list[str]:
    """Return every phrasing that the shipped packs know, as fans type them."""
    packs = load_packs(find_pack_files([shipped_folder()]))
    return [each for pack in packs for fact in pack.facts for each in fact.questions]


async def main(count: int) -> None:
    """Ask both in turns, and print what it took."""
    asked = cycle(questions())
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _, address = await stack.enter_async_context(demo(folder))
        ours = await stack.enter_async_context(PageClient.at(address))
        theirs = await stack.enter_async_context(
            PageClient.at(await stack.enter_async_context(bare()))
        )

        async def ask() -> None:
            assert text_of(await ours.use("ask", question=next(asked)))

        async def say() -> None:
            assert text_of(await theirs.use("ping")) == "pong"

        ways: dict[str, Callable[[], Awaitable[None]]] = {"ours": ask, "bare": say}
        took: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(WARM_UP + count):
            for name, way in ways.items():
                began = time.perf_counter()
                await way()
                if number >= WARM_UP:
                    took[name].append((time.perf_counter() - began) * 1000)
    _print(took, count)


def _print(took: dict[str, list[float]], count: int) -> None:
    cuts = {name: statistics.quantiles(each, n=100) for name, each in took.items()}
    for name, each in cuts.items():
        answered = len(took[name])
        print(
            f"{name}: {answered} of {count} answered, p50 {each[49]:.1f} ms, p99 {each[98]:.1f} ms"
        )
    middle, tail = (cuts["ours"][at] / cuts["bare"][at] for at in (49, 98))
    print(f"ours to bare: p50 {middle:.2f}, p99 {tail:.2f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        asyncio.run(serve_bare_bot())
    else:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_COUNT))
