"""Questions to Discord for `linernotes doctor`: asked once, changing nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.client.adapters.request_tracer import read_date
from bot.client.discord_internals import api_address, fetch_gateway
from bot.client.endpoint import restricted_connector
from bot.client.serve import log_in, translate_errors
from bot.client.sync import sync_commands
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from bot.client.serve import Bot
    from bot.client.sync import SyncPlan
    from bot.config import Endpoint

TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Account:
    """The bot's account as Discord knows it."""

    name: str
    application_id: int
    shards: int
    """The number that Discord recommends."""
    starts_left: int
    """How often it may still identify until Discord's daily count begins anew."""


async def measure_clock(endpoint: Endpoint | None, now: Callable[[], datetime]) -> float:
    """Return the seconds that this machine's clock is ahead of Discord's.

    Raises:
        DiscordError: Discord cannot be reached, or does not tell the time.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    with translate_errors():
        connector = restricted_connector(endpoint)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            asked = now()
            async with session.get(f"{api_address()}/gateway") as answer:
                answered = now()
                theirs = read_date(answer.headers)
    if theirs is None:
        date = answer.headers.get("Date", "")
        raise DiscordError(f"Discord does not say what time it is ({date!r}).")
    return (asked + (answered - asked) / 2 - theirs).total_seconds()


async def fetch_account(endpoint: Endpoint | None, token: str) -> Account:
    """Log in with the token, read the account, and log out again.

    Raises:
        ConfigError: Discord does not know the token.
        DiscordError: Discord cannot be reached.
    """
    client = discord.Client(
        intents=discord.Intents.none(), connector=restricted_connector(endpoint)
    )
    async with _logged_in(client, token):
        gateway = await fetch_gateway(client)
    starts_left = int(gateway.start_limit["remaining"])
    return Account(str(client.user), client.application_id or 0, gateway.shards, starts_left)


async def compare_commands(bot: Bot, token: str) -> SyncPlan:
    """Return the changes that publishing would make; raises as `fetch_account`."""
    async with _logged_in(bot.app, token):
        return await sync_commands(bot.app, bot.app.tree, is_rehearsal=True)


@asynccontextmanager
async def _logged_in(client: discord.Client, token: str) -> AsyncIterator[None]:
    async with client:
        with translate_errors():
            await log_in(client, token)
            yield
