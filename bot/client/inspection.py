"""What Discord says of the bot, for `linernotes doctor`: asked once, changing nothing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.http import Route

from bot.client.app import App
from bot.client.endpoint import restricted_connector
from bot.client.serve import translate_errors
from bot.client.sync import sync_commands
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.client.services import Services
    from bot.client.sync import SyncPlan
    from bot.config import Endpoint

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Account:
    """The bot as Discord knows it."""

    name: str
    application_id: int
    shards: int
    """How many Discord recommends."""
    starts_left: int
    """How often it may still identify until Discord's daily count begins anew."""


class Inspector:
    """Asks Discord, or the stand-in that discord.py is pointed at (`pointed_at`)."""

    def __init__(self, endpoint: Endpoint | None) -> None:
        self._endpoint = endpoint

    async def clock_ahead(self, now: Callable[[], datetime]) -> float:
        """Return how many seconds this machine's clock is ahead of Discord's, to about one.

        Raises:
            DiscordError: Discord cannot be reached, or does not say what time it is.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        with translate_errors():
            connector = restricted_connector(self._endpoint)
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
                asked = now()
                async with session.get(f"{Route.BASE}/gateway") as answer:
                    answered = now()
                    date = answer.headers.get("Date", "")
        try:
            theirs = parsedate_to_datetime(date).astimezone(UTC)
        except ValueError as error:
            raise DiscordError(f"Discord does not say what time it is ({date!r}).") from error
        return (asked + (answered - asked) / 2 - theirs).total_seconds()

    async def account(self, token: str) -> Account:
        """Log in with the token, and out again.

        Raises:
            ConfigError: Discord does not know the token.
            DiscordError: Discord cannot be reached.
        """
        client = discord.Client(
            intents=discord.Intents.none(), connector=restricted_connector(self._endpoint)
        )
        async with _logged_in(client, token):
            shards, _, limit = await client.http.get_bot_gateway()
        return Account(str(client.user), client.application_id or 0, shards, limit["remaining"])

    async def commands(self, token: str, services: Services) -> SyncPlan:
        """Return what publishing the commands would change; raises as `account` does."""
        client = App(services, endpoint=self._endpoint, is_publishing=False)
        async with _logged_in(client, token):
            return await sync_commands(client, client.tree, is_rehearsal=True)


@asynccontextmanager
async def _logged_in(client: discord.Client, token: str) -> AsyncIterator[None]:
    async with client:
        with translate_errors():
            await client.login(token)
            yield
