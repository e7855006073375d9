"""Posting, finding a post, alerting admins, and the bot's servers, through discord.py."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import discord

from bot.client.adapters.channel_access import MAX_REQUESTS, fetch_access, fetch_timeout
from bot.client.custom_ids import custom_id
from bot.client.discord_internals import StoredLayout, open_thread, release_requests
from bot.client.views.post import POSTED
from bot.scheduling.ports import Refused, Unverifiable
from bot.scheduling.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.client.adapters.request_tracer import RequestTracer
    from bot.scheduling.models import Payload
    from bot.scheduling.ports import AcquireSlot

MESSAGES_PAGE = 100
"""The most messages that Discord returns to one request."""

SERVERS_PAGE = 200
"""The most servers that Discord returns to one request."""

THREAD_EXISTS, PUBLISHED = 160004, 40033
"""Discord's codes for a message that has a thread, or was published, already."""

NOBODY = discord.AllowedMentions.none()


class DiscordMessenger:
    """The port `Messenger` of the daily post, over Discord."""

    def __init__(self, client: discord.Client, tracer: RequestTracer) -> None:
        self._client = client
        self._tracer = tracer

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        """Post a message once for each nonce, and return its id."""
        allowed = NOBODY
        if role_id is not None:
            allowed = discord.AllowedMentions(
                everyone=False, users=False, roles=[discord.Object(role_id)], replied_user=False
            )
        # A message that is sent again after a crash must be the very payload that was stored.
        view = StoredLayout(payload["components"])
        return await self._post(channel_id, nonce, view=view, allowed_mentions=allowed)

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        """Find the bot's own message of a delivery since a moment."""
        try:
            with self._request():
                await self._require_readable(channel_id, acquire)
                # Without an end of its own: the caller's time-out is the bound.
                channel = self._client.get_partial_messageable(channel_id)
                after = discord.Object(discord.utils.time_snowflake(since))
                while True:
                    await acquire()
                    page = [one async for one in channel.history(limit=MESSAGES_PAGE, after=after)]
                    for message in page:
                        is_own = message.author == self._client.user
                        if is_own and _mentions_delivery(message, delivery_id):
                            return message.id
                    if len(page) < MESSAGES_PAGE:
                        return None
                    after = discord.Object(max(message.id for message in page))
        except Refused as refused:
            raise Unverifiable(refused.reason, refused.status) from refused

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        """Post plain text in the server's alerts channel, pinging nobody."""
        await self._post(channel_id, nonce, content=text, allowed_mentions=NOBODY)

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        """Send plain text by direct message."""
        with self._request():
            channel = await self._client.create_dm(discord.Object(user_id))
        await self._post(channel.id, nonce, content=text, allowed_mentions=NOBODY)

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> None:
        """Open a thread below a message, unless it has one."""
        with self._request(), _done_already(THREAD_EXISTS):
            await open_thread(self._client, channel_id, message_id, name)

    async def publish(self, channel_id: int, message_id: int) -> None:
        """Publish a message, unless it was published already."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        with self._request(), _done_already(PUBLISHED):
            await message.publish()

    async def fetch_guild_ids(self, acquire: AcquireSlot) -> frozenset[int]:
        """Fetch the ids of the bot's servers, acquiring a slot for each page."""
        joined: set[int] = set()
        with self._request():
            while True:
                await acquire()
                after = discord.Object(max(joined)) if joined else discord.utils.MISSING
                pages = self._client.fetch_guilds(
                    limit=SERVERS_PAGE, after=after, with_counts=False
                )
                page = [guild.id async for guild in pages]
                joined.update(page)
                if len(page) < SERVERS_PAGE:
                    return frozenset(joined)

    async def has_role(self, guild_id: int, role_id: int, acquire: AcquireSlot) -> bool:
        """Return whether a server still has a role."""
        await acquire()
        with self._request():
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
        return guild.get_role(role_id) is not None

    async def find_timeout(self, guild_id: int, acquire: AcquireSlot) -> datetime | None:
        """Return the end of the bot's time-out in a server; None if it is in none."""
        await acquire()
        with self._request():
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
        await acquire()
        with self._request():
            return await fetch_timeout(self._client, guild)

    async def ask_time(self, acquire: AcquireSlot) -> None:
        """Make a small request, as every answer bears Discord's time."""
        await acquire()
        with self._request():
            await self._client.application_info()

    async def _post(self, channel_id: int, nonce: str, **message: Any) -> int:
        # Given a nonce, discord.py asks Discord to enforce it.
        channel = self._client.get_partial_messageable(channel_id)
        with self._request():
            sent = await channel.send(nonce=nonce, **message)
            return sent.id

    @contextmanager
    def _request(self) -> Iterator[None]:
        """Raise the outcome of the block's requests, unless all went well."""
        with self._tracer.outcome():
            try:
                yield
            except asyncio.CancelledError:  # as when a lease runs short
                release_requests(self._client)
                raise

    async def _require_readable(self, channel_id: int, acquire: AcquireSlot) -> None:
        """Raise Unverifiable unless the channel's history may be read.

        Without the permission, Discord answers with an empty history instead of an error.
        """
        await acquire()
        channel: Any = await self._client.fetch_channel(channel_id)
        for _ in range(MAX_REQUESTS):
            await acquire()
        access = await fetch_access(self._client, channel.guild.id, channel_id)
        if not access.granted.view_channel:
            raise Unverifiable(explain(Reason.CHANNEL_HIDDEN))
        if not access.is_readable:
            raise Unverifiable(explain(Reason.HISTORY_HIDDEN))


@contextmanager
def _done_already(code: int) -> Iterator[None]:
    """Pass over the answer that something was done already."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code != code:
            raise


def _mentions_delivery(message: discord.Message, delivery_id: str) -> bool:
    """Return whether a component's custom id names the delivery."""
    wanted = f"{custom_id(POSTED, delivery_id)}:"

    def is_wanted(part: Any) -> bool:
        if isinstance(part, list):
            return any(map(is_wanted, part))
        if not isinstance(part, dict):
            return False
        own = f"{part.get('custom_id', '')}:"
        return own.startswith(wanted) or any(map(is_wanted, part.values()))

    return any(is_wanted(component.to_dict()) for component in message.components)
