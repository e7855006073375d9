"""One whole bot, from its start to its end."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

from bot.client.sync import sync_commands
from bot.errors import ConfigError, DiscordError, StateError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client.app import App
    from bot.client.services import Services
    from bot.client.sync import SyncPlan
    from bot.scheduling.worker.loop import WorkerLoop

log = structlog.stdlib.get_logger("bot.client")

DRAIN_SECONDS = 5.0
"""Seconds that answers and posts in flight are given at the end.

A post that is cut off is taken up by the next process, as after a crash.
"""

CLOSE_SECONDS = 3.0
"""Seconds for Discord to close the connection; afterwards the bot leaves all the same."""


class Bot:
    """A bot with all its parts, built by `bot.bootstrap.build_bot`."""

    def __init__(
        self, app: App, services: Services, worker: WorkerLoop | None, *, is_publishing: bool
    ) -> None:
        self.app = app
        self.services = services
        self.worker = worker
        self._is_publishing = is_publishing
        self._posting: asyncio.Task[None] | None = None

    async def start(self, token: str) -> None:
        """Log in, begin to post, publish the commands, and answer until closed.

        Raises:
            ConfigError: Discord does not know the token.
            DiscordError: Discord cannot be reached, or ended the connection for good.
        """
        with translate_errors():
            await log_in(self.app, token)
            if self.worker is not None:
                self._posting = asyncio.create_task(self.worker.run(), name="posting")
            try:
                await self.services.scopes.load()
            except StateError as error:
                log.warning("packs of the servers not read yet", reason=str(error))
            # Of several processes, the one with the first shard publishes.
            if self._is_publishing and 0 in self.app.served_shards:
                try:
                    await sync_commands(self.app, self.app.tree)
                except DiscordError as error:
                    # No reason not to answer: Discord still has the commands of an earlier start.
                    log.error("commands not published", reason=str(error))  # noqa: TRY400  # said in full
            await self.app.connect()

    async def publish_once(self, token: str, **options: Any) -> SyncPlan:
        """Log in, publish the commands (see `sync_commands`), and log out again."""
        async with self.app:
            with translate_errors():
                await log_in(self.app, token)
            return await sync_commands(self.app, self.app.tree, **options)

    async def drain(self) -> None:
        """Take no more posts, and let answers and posts in flight finish."""
        if self.worker is not None:
            self.worker.stop()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self.services.in_flight.wait_until_idle()
                if self._posting is not None:
                    await asyncio.shield(self._posting)
        except TimeoutError:
            log.warning("gave up on answers and posts", answers=self.services.in_flight.count)

    async def close(self) -> None:
        """Stop posting, then close the connections."""
        # In this order, or a post would be cut off by its own client.
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.wait({self._posting})
        await self.app.close()


async def serve(bot: Bot, token: str, stop: asyncio.Event) -> None:
    """Run a bot until the event is set; raises as `Bot.start`."""
    running = asyncio.create_task(bot.start(token), name="client")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        log.info("stopping")
        await bot.drain()
    # Before the connections close, or a start still in progress would fail on them.
    running.cancel()
    await asyncio.wait({running})
    closing = asyncio.create_task(bot.close(), name="close")
    await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
    if not closing.done():
        log.warning("closed without a goodbye")
        closing.cancel()
    log.info("stopped")
    if not running.cancelled():
        running.result()


async def log_in(client: discord.Client, token: str) -> None:
    """Log a client in.

    Raises:
        DiscordError: The answer makes no sense.
        discord.DiscordException, aiohttp.ClientError, OSError: See `translate_errors`.
    """
    try:
        await client.login(token)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DiscordError(
            f"Discord's answer to the login cannot be read ({type(error).__name__}: {error}). Try "
            "again later, or check that a stand-in runs where LINERNOTES_API names one."
        ) from error


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise errors of discord.py and aiohttp as the sentences of `bot.errors`."""
    try:
        yield
    except discord.LoginFailure as error:
        raise ConfigError(
            "Discord does not know this token; reset it on the application's page at "
            "https://discord.com/developers/applications and set LINERNOTES_TOKEN anew."
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        is_network = isinstance(error, aiohttp.ClientConnectionError | OSError)
        kind = UnreachableError if is_network else DiscordError
        raise kind(
            f"The connection to Discord ended: {error}. Check the network and "
            "https://discordstatus.com, or that the stand-in runs where LINERNOTES_API names one; "
            "then start again."
        ) from error
