"""Posting over discord.py's HTTP, looking for a post, telling admins, and the bot's servers."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from discord.http import MultipartParameters
from discord.utils import time_snowflake

from bot.client.adapters.channel_access import MAX_REQUESTS, fetch_access
from bot.client.adapters.requests import REASONS
from bot.client.custom_ids import custom_id
from bot.client.views.post import POSTED
from bot.scheduling.ports import Refused, Unverifiable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    import discord

    from bot.client.adapters.requests import RequestTracer
    from bot.scheduling.models import Payload
    from bot.scheduling.ports import AcquireSlot

PAGE = 100
"""Discord's most messages a request."""

SERVERS_PAGE = 200
"""Discord's most servers a request."""

NOBODY: dict[str, Any] = {"parse": []}


class DiscordMessenger:
    """The edges `Channels`, `Alerts` and `Servers` of the daily post.

    Messages go through `client.http`, not through `Messageable.send`: what is sent again after a
    crash must be the very payload that was stored, and nothing of it may stay in memory.
    """

    def __init__(self, client: discord.Client, wire: RequestTracer) -> None:
        self._client = client
        self._wire = wire

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        """Post a message once for each nonce, and give its id; only the role may be pinged."""
        allowed = NOBODY if role_id is None else {"parse": [], "roles": [str(role_id)]}
        return await self._post(channel_id, payload, nonce, allowed)

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        """Find the bot's own message since a moment that has the claim in a `custom_id`."""
        try:
            with self._wire.outcome():
                await self._must_be_readable(channel_id, acquire)
                async for message in self._history(channel_id, since, acquire):
                    if self._is_own(message) and _holds(message["components"], delivery_id):
                        return int(message["id"])
        except Refused as refused:
            raise Unverifiable(refused.reason, refused.status) from refused
        return None

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        """Post plain text in the server's alerts channel, pinging nobody."""
        await self._post(channel_id, {"content": text}, nonce, NOBODY)

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        """Send plain text by direct message."""
        with self._wire.outcome():
            channel = await self._client.http.start_private_message(user_id)
        await self._post(int(channel["id"]), {"content": text}, nonce, NOBODY)

    async def joined(self, acquire: AcquireSlot) -> frozenset[int]:
        """Fetch the ids of all servers that the bot is in, waiting for a turn before each page."""
        joined: set[int] = set()
        with self._wire.outcome():
            while True:
                await acquire()
                page = await self._client.http.get_guilds(
                    SERVERS_PAGE, after=max(joined, default=None), with_counts=False
                )
                joined.update(int(guild["id"]) for guild in page)
                if len(page) < SERVERS_PAGE:
                    return frozenset(joined)

    async def _post(
        self, channel_id: int, payload: Payload, nonce: str, allowed: dict[str, Any]
    ) -> int:
        body = {
            **payload,
            "nonce": nonce,
            "enforce_nonce": True,
            "allowed_mentions": allowed,
        }
        parameters = MultipartParameters(payload=body, multipart=None, files=None)
        with self._wire.outcome(), _never_stuck(self._client):
            message = await self._client.http.send_message(channel_id, params=parameters)
            return int(message["id"])

    async def _must_be_readable(self, channel_id: int, acquire: AcquireSlot) -> None:
        """Raise unless the history is shown: without the permission, Discord answers nothing."""
        await acquire()
        channel: Any = await self._client.http.get_channel(channel_id)
        for _ in range(MAX_REQUESTS):
            await acquire()
        place = await fetch_access(self._client, int(channel["guild_id"]), channel_id)
        if not place.granted.view_channel:
            raise Unverifiable(REASONS[50001])
        if not place.is_readable:
            raise Unverifiable(
                "The bot may not read the channel’s history, where the post would be."
            )

    async def _history(
        self, channel_id: int, since: datetime, acquire: AcquireSlot
    ) -> AsyncIterator[Any]:
        """Walk every message since a moment; the caller's timeout is the bound."""
        after = time_snowflake(since)
        while True:
            await acquire()
            page = await self._client.http.logs_from(channel_id, PAGE, after=after)
            for message in page:
                yield message
            if len(page) < PAGE:
                return
            after = max(int(message["id"]) for message in page)

    def _is_own(self, message: Any) -> bool:
        own = self._client.user
        return own is not None and int(message["author"]["id"]) == own.id


@contextmanager
def _never_stuck(client: discord.Client) -> Iterator[None]:
    """Undo what a cancelled request leaves behind in discord.py.

    Told of a global limit, it stops every request until it has slept; cancelled in that sleep, as
    a lease running short does, it would never let one go again.
    """
    try:
        yield
    except asyncio.CancelledError:
        client.http._global_over.set()  # noqa: SLF001  # there is no public way to lift it
        raise


def _holds(part: Any, delivery_id: str) -> bool:
    """Whether a message's components, however nested, have the claim in a custom id."""
    if isinstance(part, list):
        return any(_holds(each, delivery_id) for each in part)
    if not isinstance(part, dict):
        return False
    own = str(part.get("custom_id", ""))
    return f"{own}:".startswith(f"{custom_id(POSTED, delivery_id)}:") or any(
        _holds(each, delivery_id) for each in part.values()
    )
