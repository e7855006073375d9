"""Run a client until it is told to stop, and close it cleanly."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

from bot.client.sync import sync_commands
from bot.errors import ConfigError, DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client.app import App
    from bot.client.sync import SyncPlan

log = structlog.stdlib.get_logger("bot.client")

CLOSING = 3.0
"""Seconds for Discord to say goodbye; without it we go all the same."""


async def serve_until(stop: asyncio.Event, app: App, token: str) -> None:
    """Serve until the event is set; then let answers finish, close the gateway, and return.

    Raises:
        ConfigError: Discord does not know the token.
        DiscordError: Discord cannot be reached, or ended the connection for good.
    """
    running = asyncio.create_task(_start(app, token), name="client")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        log.info("stopping")
        await app.drain()
    # Before the connections close, or whatever is under way at start would fail on them.
    running.cancel()
    await asyncio.wait({running})
    await _close(app)
    log.info("stopped")
    if not running.cancelled():
        running.result()


async def publish_once(app: App, token: str, **how: Any) -> SyncPlan:
    """Log in, publish the commands (see `sync.publish`), and log out again."""
    async with app:
        with translate_errors():
            await app.login(token)
        return await sync_commands(app, app.tree, **how)


async def _start(app: App, token: str) -> None:
    with translate_errors():
        await app.start(token)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise what discord.py and aiohttp raise as the sentences of `bot.errors`."""
    try:
        yield
    except discord.LoginFailure as error:
        raise ConfigError(
            "Discord does not know this token; reset it on the application's page at "
            "https://discord.com/developers/applications and set LINERNOTES_TOKEN anew."
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise DiscordError(
            f"The connection to Discord ended: {error}. Check the network and "
            "https://discordstatus.com, or that the stand-in runs where LINERNOTES_API names one; "
            "then start again."
        ) from error


async def _close(app: App) -> None:
    closing = asyncio.create_task(app.close(), name="close")
    await asyncio.wait({closing}, timeout=CLOSING)
    if not closing.done():
        log.warning("closed without a goodbye")
        closing.cancel()
