"""The world as one person sees it, for the page's first drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.gateway.announcements import connection_json
from bot.sandbox.interactions.actor_context import ActorContext, Context, stand
from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.model import HOLDS_MESSAGES
from bot.sandbox.world.payloads import member_json, role_json, user_json
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.container import Container
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import Actor, Channel, Guild, User


MOST_GUILDS = 20
"""Shown on the page; a benchmark's world has thousands."""


def state_json(container: Container, user: User) -> Json:
    """Return everything a person may see, but for messages and commands."""
    application = container.world.application
    return {
        "now": timestamp(container.clock.time()),
        "last_event": container.feed.last_id,
        "title": application.name,
        "application": {
            "id": str(application.id),
            "name": application.name,
            "bot": user_json(application.bot),
        },
        "actor": _actor_json(
            container,
            next((each for each in container.world.actors if each.user_id == user.id), None),
            user,
        ),
        "actors": [
            _actor_json(container, each, container.world.users[each.user_id])
            for each in container.world.actors
        ],
        "guilds": [_guild_json(container, each, user) for each in _guilds_of(container, user)],
        "dms": [
            _dm_json(container, each, user)
            for each in container.world.dms.values()
            if user.id in each.recipients
        ],
        "faults": [each.json() for each in container.faults.active()],
        "ratelimits": {"enabled": container.ratelimits.enabled},
    } | connection_json(container)


def _actor_json(container: Container, actor: Actor | None, user: User) -> Json:
    return {
        "key": actor.key if actor else str(user.id),
        "user": user_json(user),
        "note": actor.note if actor else "",
        "locale": user.locale,
        "installed": user.id in container.world.user_installs,
    }


def _guilds_of(container: Container, user: User) -> list[Guild]:
    """Return the person's guilds, at most the first few."""
    found: list[Guild] = []
    for guild_id in container.world.guild_ids():
        guild = container.world.guild(guild_id)
        if guild is not None and user.id in guild.members:
            found.append(guild)
        if len(found) >= MOST_GUILDS:
            break
    return found


def _guild_json(container: Container, guild: Guild, user: User) -> Json:
    member = guild.members[user.id]
    granted = permissions.in_guild(guild, member)
    actor_contexts = [
        stand(container.world, user, each, now=container.clock.time())
        for each in guild.channels.values()
    ]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner_id),
        "bot_present": container.world.bot_member(guild) is not None,
        "member": member_json(member),
        "can_manage": bool(granted & Permission.MANAGE_GUILD),
        "roles": [role_json(each) for each in guild.roles.values()],
        "members": [member_json(each) for each in guild.members.values()],
        "channels": [_channel_json(each) for each in actor_contexts if each.can_view],
    }


def _channel_json(actor_context: ActorContext) -> Json:
    channel = actor_context.channel
    return {
        "id": str(channel.id),
        "type": int(channel.type),
        "name": channel.name,
        "position": channel.position,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "topic": channel.topic,
    } | _abilities(actor_context)


def _dm_json(container: Container, channel: Channel, user: User) -> Json:
    actor_context = stand(container.world, user, channel, now=container.clock.time())
    others = [container.world.users[each] for each in channel.recipients if each != user.id]
    return {
        "id": str(channel.id),
        "type": int(channel.type),
        "recipients": [user_json(each) for each in others],
        "with_bot": actor_context.context is Context.BOT_DM,
    } | _abilities(actor_context)


def _abilities(actor_context: ActorContext) -> Json:
    holds_messages = actor_context.channel.type in HOLDS_MESSAGES
    may_use = actor_context.guild is None or bool(
        actor_context.granted & Permission.USE_APPLICATION_COMMANDS
    )
    return {
        "can_send": holds_messages and actor_context.can_send,
        "can_use_commands": holds_messages and may_use and bool(actor_context.installs),
        "bot_can_see": bool(actor_context.bot_granted & Permission.VIEW_CHANNEL)
        and (actor_context.guild is None or 0 in actor_context.installs)
        and actor_context.context is not Context.PRIVATE_CHANNEL,
    }
