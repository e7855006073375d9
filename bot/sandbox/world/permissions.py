"""Permissions in guilds and channels, computed as Discord documents it.

https://discord.com/developers/docs/topics/permissions
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

from bot.sandbox.world.model import ChannelType

if TYPE_CHECKING:
    from bot.sandbox.world.model import Channel, Guild, Member


class Permission(IntFlag):
    """The permissions that the sandbox reads, by Discord's bits."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50


ALL = (1 << 51) - 1
USUAL = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What @everyone may do in a guild that nobody changed."""

IN_DM = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
)

_WHILE_TIMED_OUT = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
_NEEDS_SENDING = int(
    Permission.MENTION_EVERYONE
    | Permission.SEND_TTS_MESSAGES
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
)


def in_guild(guild: Guild, member: Member) -> int:
    """Return a member's permissions before any channel has its say."""
    if guild.owner_id == member.user.id:
        return ALL
    granted = guild.everyone.permissions
    for role_id in member.roles:
        if role_id in guild.roles:
            granted |= guild.roles[role_id].permissions
    return ALL if granted & Permission.ADMINISTRATOR else granted


def in_channel(guild: Guild, channel: Channel, member: Member, *, now: float) -> int:
    """Return a member's permissions in a channel; a thread has those of its parent."""
    granted = in_guild(guild, member)
    if granted == ALL:
        return ALL
    ruling = guild.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    granted = _overwritten(granted, guild, ruling, member)
    if member.timed_out_until is not None and member.timed_out_until > now:
        granted &= _WHILE_TIMED_OUT
    if not granted & Permission.VIEW_CHANNEL:
        return 0  # who does not see a channel may do nothing in it, whatever else is granted
    if channel.type is ChannelType.PRIVATE_THREAD and channel.thread is not None:
        is_inside = member.user.id in channel.thread.members
        if not is_inside and not granted & Permission.MANAGE_THREADS:
            return 0
    if not granted & sending(channel):
        granted &= ~_NEEDS_SENDING  # denied with it, without being named
    return granted


def sending(channel: Channel) -> Permission:
    """Return the permission that sending there takes."""
    if channel.is_thread:
        return Permission.SEND_MESSAGES_IN_THREADS
    return Permission.SEND_MESSAGES


def _overwritten(granted: int, guild: Guild, channel: Channel, member: Member) -> int:
    """Apply overwrites in Discord's order: @everyone, the roles together, the member."""
    of_roles_allow = of_roles_deny = own_allow = own_deny = 0
    for overwrite in channel.overwrites:
        if overwrite.is_member:
            if overwrite.target == member.user.id:
                own_allow, own_deny = overwrite.allow, overwrite.deny
        elif overwrite.target == guild.id:
            granted = (granted & ~overwrite.deny) | overwrite.allow
        elif overwrite.target in member.roles:
            of_roles_allow |= overwrite.allow
            of_roles_deny |= overwrite.deny
    granted = (granted & ~of_roles_deny) | of_roles_allow
    return (granted & ~own_deny) | own_allow
