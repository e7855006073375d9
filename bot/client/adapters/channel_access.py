"""A channel with the bot's permissions, fetched and never cached."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.client.markdown import escape
from bot.localization.messages import Message, join_messages, message, sentence
from bot.scheduling.alert_texts import timeout_reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

THREADS = frozenset(
    {
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.news_thread,
    }
)
POSTABLE = THREADS | {discord.ChannelType.text, discord.ChannelType.news}


@dataclass(frozen=True, slots=True)
class PostNeeds:
    """The needs of a schedule's posts, besides being written."""

    role_id: int | None = None
    opens_thread: bool = False
    publishes: bool = False


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """A channel or thread, with the bot's permissions and the roles."""

    guild_id: int
    channel_id: int
    kind: discord.ChannelType
    granted: discord.Permissions
    roles: Mapping[int, discord.Role]
    is_locked: bool = False
    timed_out_until: datetime | None = None
    """The end of the bot's time-out, in which it may not write whatever it is granted."""

    @property
    def is_readable(self) -> bool:
        """Whether the bot sees the channel and may read its history."""
        return self.granted.view_channel and self.granted.read_message_history

    def missing(self) -> list[str]:
        """Return the permissions that a daily post needs and the bot lacks."""
        granted = self.granted
        sends = (sentence("Send Messages"), granted.send_messages)
        if self.kind in THREADS:
            sends = (sentence("Send Messages in Threads"), granted.send_messages_in_threads)
        needed = [
            (sentence("View Channel"), granted.view_channel),
            sends,
            (sentence("Read Message History"), granted.read_message_history),
            (
                sentence("Manage Threads (the thread is locked)"),
                granted.manage_threads or not self.is_locked,
            ),
        ]
        return [name for name, is_granted in needed if not is_granted]

    def problems(self, needs: PostNeeds) -> list[Message]:
        """Return all problems of posting here, each with its remedy."""
        return [
            *self._channel_problems(),
            *self._role_problems(needs.role_id),
            *self._follow_up_problems(needs),
        ]

    def _follow_up_problems(self, needs: PostNeeds) -> list[Message]:
        problems: list[Message] = []
        if needs.opens_thread and self.kind in THREADS:
            problems.append(
                message(
                    "<#{channel}> is a thread, and no thread opens below its posts; choose a "
                    "channel, or `thread: False`.",
                    channel=self.channel_id,
                )
            )
        elif needs.opens_thread and not self.granted.create_public_threads:
            problems.append(
                message(
                    "The bot cannot open threads in <#{channel}>: allow it **Create Public "
                    "Threads** there, or choose `thread: False`.",
                    channel=self.channel_id,
                )
            )
        if needs.publishes and self.kind is not discord.ChannelType.news:
            problems.append(
                message(
                    "<#{channel}> is no announcement channel, and only posts of such a one can be "
                    "published; choose another, or `publish: False`.",
                    channel=self.channel_id,
                )
            )
        return problems

    def _channel_problems(self) -> list[Message]:
        if self.kind not in POSTABLE:
            return [
                message(
                    "<#{channel}> is another kind of channel; quotes are posted in text channels, "
                    "announcement channels and threads.",
                    channel=self.channel_id,
                )
            ]
        if self.timed_out_until is not None:
            return [timeout_reason(self.timed_out_until)]
        missing = self.missing()
        if not missing:
            return []
        return [
            message(
                "In <#{channel}> the bot lacks {permissions}. Allow it there, then try again.",
                channel=self.channel_id,
                permissions=join_messages(
                    [Message("**{name}**", {"name": Message(name)}) for name in missing], ", "
                ),
            )
        ]

    def _role_problems(self, role_id: int | None) -> list[Message]:
        if role_id is None:
            return []
        if role_id == self.guild_id:
            return [message("`@everyone` is never pinged; choose a role, or none.")]
        role = self.roles.get(role_id)
        if role is None:
            return [message("The role to ping is gone; choose another, or none.")]
        if role.mentionable or self.granted.mention_everyone:
            return []
        return [
            message(
                "The bot cannot ping the role **{name}**: let anyone mention it, or allow the bot "
                "**Mention Everyone** in <#{channel}>.",
                name=escape(role.name, 160),
                channel=self.channel_id,
            )
        ]


MAX_REQUESTS = 4
"""The most requests of `fetch_access`: server, member, channel, and a thread's parent."""


async def fetch_access(client: discord.Client, guild_id: int, channel_id: int) -> ChannelAccess:
    """Fetch a server's channel and the bot's permissions in it.

    Raises:
        discord.HTTPException: Discord does not show it.
        discord.InvalidData: It is a channel of another server.
    """
    # Asked anew each time: the bot is told of no changes, so what it knew may be out of date.
    guild = await client.fetch_guild(guild_id, with_counts=False)
    own_id = client.user.id if client.user else 0
    own, channel = await asyncio.gather(guild.fetch_member(own_id), guild.fetch_channel(channel_id))
    ruling: Any = channel
    if isinstance(channel, discord.Thread):  # its parent's permissions hold in it
        ruling = await guild.fetch_channel(channel.parent_id)
    return ChannelAccess(
        guild_id=guild_id,
        channel_id=channel_id,
        kind=channel.type,
        granted=ruling.permissions_for(own),
        roles={role.id: role for role in guild.roles},
        is_locked=isinstance(channel, discord.Thread) and channel.locked,
        timed_out_until=own.timed_out_until if own.is_timed_out() else None,
    )


async def fetch_timeout(client: discord.Client, guild: discord.Guild) -> datetime | None:
    """Fetch the end of the bot's time-out in a server; None if it is in none."""
    own = await guild.fetch_member(client.user.id if client.user else 0)
    return own.timed_out_until if own.is_timed_out() else None  # a past one is kept by Discord


async def fetch_problems(
    client: discord.Client, guild_id: int, channel_id: int, needs: PostNeeds
) -> list[Message]:
    """Fetch all problems of posting in a channel, each with its remedy.

    Raises:
        discord.HTTPException: Discord cannot be asked now.
    """
    try:
        access = await fetch_access(client, guild_id, channel_id)
    except discord.Forbidden:
        return [
            message(
                "The bot cannot see <#{channel}>. Allow it **View Channel** there.",
                channel=channel_id,
            )
        ]
    except (discord.NotFound, discord.InvalidData):
        return [message("That channel is not in this server, or is gone; choose another.")]
    return access.problems(needs)
