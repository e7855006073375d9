"""The world as one person sees it: what the page draws first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.gateway.announcements import connection_json
from bot.sandbox.interactions.actor_context import Context, Standpoint, stand
from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.channels import HOLDS_MESSAGES
from bot.sandbox.world.payloads import member_json, role_json, user_json
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.container import Parts
    from bot.sandbox.wire import Json
    from bot.sandbox.world.channels import Channel
    from bot.sandbox.world.model import Actor, Guild, User


def state_json(parts: Parts, user: User) -> Json:
    """Return everything a person may see, but for messages and commands."""
    application = parts.world.application
    return {
        "now": timestamp(parts.clock.time()),
        "last_event": parts.feed.last_id,
        "title": application.name,
        "application": {
            "id": str(application.id),
            "name": application.name,
            "bot": user_json(application.bot),
        },
        "actor": _actor_json(parts, _actor_of(parts, user), user),
        "actors": [
            _actor_json(parts, each, parts.world.users[each.user_id]) for each in parts.world.actors
        ],
        "guilds": [_guild_json(parts, each, user) for each in _guilds_of(parts, user)],
        "dms": [
            _dm_json(parts, each, user)
            for each in parts.world.dms.values()
            if user.id in each.recipients
        ],
        "faults": [each.json() for each in parts.faults.active()],
        "ratelimits": {"enabled": parts.ratelimits.enabled},
    } | connection_json(parts)


def _actor_of(parts: Parts, user: User) -> Actor | None:
    return next((each for each in parts.world.actors if each.user_id == user.id), None)


def _actor_json(parts: Parts, actor: Actor | None, user: User) -> Json:
    return {
        "key": actor.key if actor else str(user.id),
        "user": user_json(user),
        "note": actor.note if actor else "",
        "installed": user.id in parts.world.user_installs,
    }


def _guilds_of(parts: Parts, user: User) -> list[Guild]:
    """Return the person's guilds; of a crowd of guilds the first few are enough to look at."""
    found: list[Guild] = []
    for guild_id in parts.world.guild_ids():
        guild = parts.world.guild(guild_id)
        if guild is not None and user.id in guild.members:
            found.append(guild)
        if len(found) >= MOST_GUILDS:
            break
    return found


MOST_GUILDS = 20


def _guild_json(parts: Parts, guild: Guild, user: User) -> Json:
    member = guild.members[user.id]
    granted = permissions.in_guild(guild, member)
    standpoints = [
        stand(parts.world, user, each, now=parts.clock.time()) for each in guild.channels.values()
    ]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner_id),
        "bot_present": parts.world.bot_member(guild) is not None,
        "member": member_json(member),
        "can_manage": bool(granted & Permission.MANAGE_GUILD),
        "roles": [role_json(each) for each in guild.roles.values()],
        "members": [member_json(each) for each in guild.members.values()],
        "channels": [_channel_json(each) for each in standpoints if each.can_view],
    }


def _channel_json(standpoint: Standpoint) -> Json:
    channel = standpoint.channel
    return {
        "id": str(channel.id),
        "type": int(channel.type),
        "name": channel.name,
        "position": channel.position,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "topic": channel.topic,
    } | _abilities(standpoint)


def _dm_json(parts: Parts, channel: Channel, user: User) -> Json:
    standpoint = stand(parts.world, user, channel, now=parts.clock.time())
    others = [parts.world.users[each] for each in channel.recipients if each != user.id]
    return {
        "id": str(channel.id),
        "type": int(channel.type),
        "recipients": [user_json(each) for each in others],
        "with_bot": standpoint.context is Context.BOT_DM,
    } | _abilities(standpoint)


def _abilities(standpoint: Standpoint) -> Json:
    holds_messages = standpoint.channel.type in HOLDS_MESSAGES
    may_use = standpoint.guild is None or bool(
        standpoint.granted & Permission.USE_APPLICATION_COMMANDS
    )
    return {
        "can_send": holds_messages and standpoint.can_send,
        "can_use_commands": holds_messages and may_use and bool(standpoint.installs),
        "bot_can_see": bool(standpoint.bot_granted & Permission.VIEW_CHANNEL)
        and (standpoint.guild is None or 0 in standpoint.installs)
        and standpoint.context is not Context.PRIVATE_CHANNEL,
    }
